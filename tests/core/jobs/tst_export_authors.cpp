// What leaves in the authors' layout, put together by their rule, answers as their own code does.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/infer/engine.h"
#include "core/jobs/export.h"
#include "core/model/open.h"
#include "tests/support/authors_checkpoint.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace {

using namespace bs;
using namespace bs::tests;

/// W = sum over blocks of S * (u vt), their rule: signs packed along a row, the first in the
/// highest bit.
std::vector<float> byTheirRule(const SafetensorsFile& file, const std::string& name, int blocks)
{
    std::vector<float> W;
    for (int block = 0; block < blocks; ++block) {
        const std::string index = "_" + std::to_string(block);
        const auto u = floats(file, name + ".u" + index);
        const auto vt = floats(file, name + ".vt" + index);
        const std::size_t k = file.find(name + ".u" + index)->shape[1];
        const std::size_t cols = vt.size() / k;
        const TensorDesc* const signs = file.find(name + ".qweight" + index);
        std::vector<std::byte> sign(signs->bytes);
        REQUIRE(file.file->readAt(signs->offset, sign));
        W.resize(u.size() / k * cols);
        for (std::size_t i = 0; i < W.size(); ++i) {
            float product = 0;
            for (std::size_t j = 0; j < k; ++j)
                product += u[i / cols * k + j] * vt[j * cols + i % cols];
            W[i] += (static_cast<int>(sign[i / 8]) >> (7 - i % 8) & 1) != 0 ? product : -product;
        }
    }
    return W;
}

/// The checkpoint in `from` as a plain model in f32.
void writeDense(const std::string& from, int blocks, const std::string& to)
{
    const auto file = readSafetensors(from + "/model.safetensors");
    REQUIRE(file);
    std::vector<TensorDesc> tensors;
    std::vector<std::vector<float>> values;
    const auto add = [&](const std::string& name, std::vector<std::uint64_t> shape,
                         std::vector<float> data) {
        tensors.push_back({name, DType::F32, std::move(shape), 0, data.size() * sizeof(float)});
        values.push_back(std::move(data));
    };
    for (const TensorDesc& tensor : file.value().tensors) {
        const std::size_t end = tensor.name.find(".qweight_0");
        if (tensor.name.ends_with(".weight")) {
            add(tensor.name, tensor.shape, floats(file.value(), tensor.name));
        } else if (end != std::string::npos) {
            const std::string name = tensor.name.substr(0, end);
            const std::uint64_t rows = file.value().find(name + ".u_0")->shape[0];
            std::vector<float> W = byTheirRule(file.value(), name, blocks);
            const std::uint64_t cols = W.size() / rows;
            add(name + ".weight", {rows, cols}, std::move(W));
        }
    }
    std::filesystem::create_directory(to);
    std::filesystem::copy_file(from + "/config.json", to + "/config.json");
    std::ofstream out(to + "/model.safetensors", std::ios::binary);
    out << safetensorsHeader(tensors, {}, 8);
    for (const auto& data : values)
        out.write(reinterpret_cast<const char*>(data.data()),
                  static_cast<std::streamsize>(data.size() * sizeof(float)));
    REQUIRE(out.flush());
}

std::vector<float> logits(const std::string& model, const std::vector<std::int32_t>& ids)
{
    auto source = openModel(model);
    REQUIRE_MESSAGE(source, (source ? "" : source.error().message));
    auto engine = loadCpuEngine(std::make_shared<const ModelSource>(std::move(source).value()), 1,
                                nullptr, {});
    REQUIRE(engine);
    auto cache = engine.value()->newCache(ids.size());
    REQUIRE(cache);
    std::vector<float> all;
    REQUIRE(engine.value()->forward(ids, *cache.value(), ids.size(), all, {}));
    return all;
}

} // namespace

TEST_CASE("the authors' checkpoint leaves as one, with their logits at every level")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"}) {
        const SafetensorsFile expected = readExpected(name);
        const auto prompt = integers(expected, "prompt_ids");
        const auto want = floats(expected, "logits_by_level");
        for (const std::uint32_t level : {1U, 2U, 5U, 8U}) {
            CAPTURE(name);
            CAPTURE(level);
            const test::TempFolder folder;
            ExportRequest request;
            request.model = referenceFolder(name) + "/bitstack";
            request.form = ExportForm::Authors;
            request.size = depthChoice(level);
            request.output = folder.file("out");
            const auto written = exportModel(request, {});
            REQUIRE_MESSAGE(written, (written ? "" : written.error().message));
            writeDense(request.output, static_cast<int>(level), folder.file("dense"));
            const auto dense = logits(folder.file("dense"), prompt);
            const auto opened = logits(request.output, prompt);
            REQUIRE(dense.size() * 8 == want.size());
            float worst = 0;
            for (std::size_t i = 0; i < dense.size(); ++i) {
                const float level_i = want[(level - 1) * dense.size() + i];
                REQUIRE(std::isfinite(dense[i]));
                worst = std::max({worst, std::abs(dense[i] - level_i), std::abs(opened[i] - level_i)});
            }
            CHECK(worst < 1e-3F);
        }
    }
}

TEST_CASE("the order that is exported is the one that was read")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"}) {
        const test::TempFolder folder;
        const std::string model = referenceFolder(name) + "/bitstack";
        ExportRequest request;
        request.model = model;
        request.form = ExportForm::Authors;
        request.output = folder.file("out");
        REQUIRE(exportModel(request, {}));
        const auto read = [](const std::string& path) {
            std::ifstream in(path + "/compression_config.json");
            return nlohmann::json::parse(in);
        };
        CHECK(read(request.output) == read(model));
    }
}
