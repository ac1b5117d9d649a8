#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/hash.h"
#include "core/formats/gguf.h"
#include "core/tensor/block_formats.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

using namespace bs;

TEST_CASE("the demo model's header is read at once")
{
    const auto begin = std::chrono::steady_clock::now();
    const auto file = readGguf(BS_DEMO_MODEL);
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    REQUIRE(file);
    CHECK(ms < 150);
    CHECK(file.value().version == 3);
    CHECK(file.value().text("general.architecture") == "llama");
    CHECK(file.value().integer("llama.block_count") == 30);
    CHECK(std::get<std::vector<std::string>>(file.value().metadata.at("tokenizer.ggml.tokens")).size() == 49152);
    CHECK(file.value().tensors.size() == 272);
    CHECK(file.value().find("token_embd.weight")->shape == std::vector<std::uint64_t>{49152, 576});
}

TEST_CASE("all its weights have the bits that PyPI's gguf gives them")
{
    const auto file = readGguf(BS_DEMO_MODEL);
    REQUIRE(file);
    Xxh3 hash;
    std::vector<std::byte> bytes;
    std::vector<float> values;
    for (const TensorDesc& tensor : file.value().tensors) {
        bytes.resize(tensor.bytes);
        values.resize(tensor.elements());
        REQUIRE(file.value().file->readAt(tensor.offset, bytes));
        toFloat(tensor.dtype, bytes.data(), values.size(), values.data());
        hash.update(std::as_bytes(std::span(values)));
    }
    CHECK(hexOf(hash.digest()) == "ea43e2dc8ec4b59e"); // tests/data/make_block_formats.py MODEL
}
