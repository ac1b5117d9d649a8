#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tensor/block_formats.h"

#include "core/base/file.h"
#include "core/base/json_guard.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

using namespace bs;

namespace {

std::vector<std::byte> bytesOfHex(const std::string& hex)
{
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<std::byte>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

} // namespace

TEST_CASE("every quantised type gives the bits of the reference implementation")
{
    const auto text = readTextFile(BS_TEST_DATA_DIR "/block_formats.json");
    REQUIRE(text);
    const auto vectors = parseJson(text.value(), "block_formats.json");
    REQUIRE(vectors);
    for (const DType type : {DType::F16, DType::BF16, DType::Q4_0, DType::Q4_1, DType::Q5_0, DType::Q5_1, DType::Q8_0, DType::Q2_K,
                             DType::Q3_K, DType::Q4_K, DType::Q5_K, DType::Q6_K, DType::IQ4_NL, DType::IQ4_XS}) {
        const std::string name(infoOf(type).name);
        CAPTURE(name);
        REQUIRE(vectors.value().contains(name));
        const auto blocks = bytesOfHex(vectors.value()[name]["blocks"].get<std::string>());
        const auto expected = bytesOfHex(vectors.value()[name]["values"].get<std::string>());
        const std::size_t elements = blocks.size() / infoOf(type).blockBytes * infoOf(type).blockElements;
        REQUIRE(expected.size() == elements * sizeof(float));
        REQUIRE(elements >= 256);
        std::vector<float> values(elements);
        toFloat(type, blocks.data(), elements, values.data());
        CHECK(std::memcmp(values.data(), expected.data(), expected.size()) == 0);
        // The same from an odd address.
        std::vector<std::byte> shifted(blocks.size() + 1);
        std::memcpy(shifted.data() + 1, blocks.data(), blocks.size());
        toFloat(type, shifted.data() + 1, elements, values.data());
        CHECK(std::memcmp(values.data(), expected.data(), expected.size()) == 0);
    }
}

TEST_CASE("plain floats pass through")
{
    const std::vector<float> singles{0.0F, -0.0F, 1.5F, std::numeric_limits<float>::infinity(), 1e-42F};
    std::vector<float> values(singles.size());
    toFloat(DType::F32, reinterpret_cast<const std::byte*>(singles.data()), singles.size(), values.data());
    CHECK(std::memcmp(values.data(), singles.data(), singles.size() * sizeof(float)) == 0);
    const std::vector<double> doubles{0.1, -3e38, 1e300, 1e-60};
    values.resize(doubles.size());
    toFloat(DType::F64, reinterpret_cast<const std::byte*>(doubles.data()), doubles.size(), values.data());
    CHECK(values[0] == 0.1F);
    CHECK(values[1] == -3e38F);
    CHECK(std::isinf(values[2]));
    CHECK(values[3] == 0.0F);
}

TEST_CASE("which types are weights, and how large they are")
{
    for (const DType type : {DType::F64, DType::F32, DType::F16, DType::BF16, DType::Q4_0, DType::Q8_0, DType::Q3_K, DType::IQ4_XS})
        CHECK(isWeightType(type));
    for (const DType type : {DType::U8, DType::Bool, DType::I64, DType::F8E4M3, DType::F8E5M2})
        CHECK_FALSE(isWeightType(type));
    CHECK(infoOf(DType::F8E4M3).name == "F8_E4M3");
    CHECK(infoOf(DType::Bool).name == "BOOL");
    CHECK(infoOf(DType::Q5_1).blockBytes == 24);
    const TensorDesc tensor{"t", DType::F32, {2, 3, 4}, 0, 0};
    CHECK(tensor.elements() == 24);
    CHECK(tensor.shapeText() == "[2, 3, 4]");
    CHECK(TensorDesc{}.elements() == 1);
    CHECK(TensorDesc{}.shapeText() == "[]");
}
