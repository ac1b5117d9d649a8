#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/json_guard.h"
#include "core/codecs/nested/product.h"
#include "core/formats/gguf.h"
#include "core/infer/engine.h"
#include "core/jobs/compress.h"
#include "core/jobs/export.h"
#include "core/jobs/loaded_model.h"
#include "core/tensor/float16.h"
#include "tests/support/got.h"
#include "tests/support/nested_model.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_model.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

using namespace bs;
using namespace bs::test;

namespace {

/// A tiny Llama with a tokenizer, and its stacks of both codecs.
struct World
{
    TempFolder folder;
    std::string model = makeTinyModel(folder.path());
    std::string text = folder.write("text.txt", tinyText(3000));

    std::string stack(const std::string& codec)
    {
        const std::string path = folder.file(codec + ".bitstack");
        if (std::filesystem::exists(path)) return path;
        CompressRequest request;
        request.model = model;
        request.output = path;
        request.codec = codec;
        request.blocks = 4;
        request.calibration = text;
        request.calibrationTokens = 512;
        got(compress(request, {}));
        return path;
    }
};

World& world()
{
    static World all;
    return all;
}

ExportRequest request(const std::string& model, ExportForm form, const std::string& output,
                      const SizeChoice& size = {})
{
    ExportRequest asked;
    asked.model = model;
    asked.form = form;
    asked.output = output;
    asked.size = size;
    return asked;
}

std::vector<float> logits(const std::string& model, const SizeChoice& size = {})
{
    const auto source = got(openShared(model));
    const ChosenSize chosen = got(chooseSize(*source, size));
    const auto engine = got(loadCpuEngine(source, 1, chosen.planOrNull(), {}));
    const std::vector<std::int32_t> ids{1, 17, 99, 200, 5, 66, 130, 42};
    nested::setDirectRows(0); // decoded weights: products straight from planes round x to 8 bits,
                              // which in a model this narrow is seen
    const auto cache = got(engine->newCache(ids.size()));
    std::vector<float> all;
    REQUIRE(engine->forward(ids, *cache, ids.size(), all, {}));
    return all;
}

/// Root mean square of the difference, in that of a.
double apart(const std::vector<float>& a, const std::vector<float>& b)
{
    REQUIRE(a.size() == b.size());
    double difference = 0;
    double size = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
        size += static_cast<double>(a[i]) * a[i];
    }
    REQUIRE(std::isfinite(difference));
    return std::sqrt(difference / size);
}

std::uint64_t bytesOf(const ExportResult& result)
{
    std::uint64_t bytes = 0;
    for (const std::string& file : result.files)
        bytes += std::filesystem::file_size(file);
    return bytes;
}

} // namespace

TEST_CASE("what is exported answers as the stack at that size, and its size was known before")
{
    for (const std::string codec : {"bitstack", "nested"}) {
        CAPTURE(codec);
        const std::string stack = world().stack(codec);
        for (const SizeChoice& size : {SizeChoice{}, depthChoice(1)}) {
            const std::vector<float> ours = logits(stack, size);
            // Weights round to 11 bits (3e-4 of each), which two layers make about five times as
            // much; products of codec nested round x to 12.
            const double close = codec == "nested" ? 1e-2 : 3e-3;
            for (const ExportForm form : {ExportForm::Safetensors, ExportForm::Gguf}) {
                CAPTURE(nameOf(form));
                const TempFolder folder;
                const ExportRequest asked = request(stack, form, folder.file("out"), size);
                const ExportResult forecast = got(forecastExport(asked));
                CHECK(folder.names().empty());
                const ExportResult result = got(exportModel(asked, {}));
                CHECK(result.bytes == forecast.bytes);
                CHECK(result.bytes == bytesOf(result));
                CHECK(folder.names() == std::vector<std::string>{"out"});
                CHECK(apart(ours, logits(asked.output)) < close);
            }
        }
    }
}

TEST_CASE("depth changes what is exported")
{
    const TempFolder folder;
    got(exportModel(
        request(world().stack("bitstack"), ExportForm::Gguf, folder.file("one"), depthChoice(1)),
        {}));
    got(exportModel(request(world().stack("bitstack"), ExportForm::Gguf, folder.file("all")), {}));
    CHECK(apart(logits(folder.file("one")), logits(folder.file("all"))) > 0.05);
}

TEST_CASE("Q8_0 is near F16, and half as large")
{
    const TempFolder folder;
    ExportRequest asked = request(world().stack("bitstack"), ExportForm::Gguf, folder.file("f16"));
    const ExportResult half = got(exportModel(asked, {}));
    asked.output = folder.file("q8");
    asked.type = ExportType::Q8_0;
    const ExportResult quantised = got(exportModel(asked, {}));
    CHECK(quantised.bytes < half.bytes * 2 / 3);
    CHECK(quantised.bytes == bytesOf(quantised));
    const double distance = apart(logits(folder.file("f16")), logits(folder.file("q8")));
    CHECK(distance > 0);
    CHECK(distance < 1e-1); // a step is a 127th of the largest of 32 weights: .5 to 1 % of each,
                            // five times as much after two layers
}

TEST_CASE("tokenizer, chat template and manifest go along")
{
    const std::string stack = world().stack("bitstack");
    const auto source = got(openShared(stack));
    for (const ExportForm form : {ExportForm::Safetensors, ExportForm::Gguf}) {
        const TempFolder folder;
        const std::string out = folder.file("out");
        got(exportModel(request(stack, form, out, depthChoice(2)), {}));
        const auto again = got(openShared(out));
        REQUIRE(again->tokenizer);
        CHECK(again->tokenizer->bos == source->tokenizer->bos);
        CHECK(again->tokenizer->eos == source->tokenizer->eos);
        CHECK(again->tokenizer->chatTemplate == source->tokenizer->chatTemplate);
        const std::string text = "A <|im_end|> text with 12 numbers, \xC3\xA4 and\n lines";
        CHECK(got(tokenizerOf(*again))->encode(text, true) ==
              got(tokenizerOf(*source))->encode(text, true));
        const std::string manifest = form == ExportForm::Gguf
                                         ? got(readGguf(out)).text("bitstack.manifest").value_or("")
                                         : got(readTextFile(out + "/bitstack_manifest.json"));
        const nlohmann::json json = got(parseJson(manifest, "manifest"));
        CHECK(json["source_hash"] == source->container->provenance.at("source_hash"));
        CHECK(json["codec"] == "bitstack");
        CHECK(json["plan"]["matrices"].size() == source->container->stack.matrices.size());
        CHECK(json["plan"]["matrices"].back()["depth"] == 2);
    }
}

TEST_CASE("a checkpoint of the authors' layout gives the same weights by their rule")
{
    const TempFolder folder;
    const std::string stack = world().stack("bitstack");
    got(exportModel(request(stack, ExportForm::Authors, folder.file("out"), depthChoice(3)), {}));
    got(exportModel(request(stack, ExportForm::Safetensors, folder.file("dense"), depthChoice(3)),
                    {}));
    const SafetensorsFile held = got(readSafetensors(folder.file("out/model.safetensors")));
    const SafetensorsFile dense = got(readSafetensors(folder.file("dense/model.safetensors")));
    const auto read = [](const SafetensorsFile& file, const std::string& name) {
        const TensorDesc* desc = file.find(name);
        REQUIRE(desc != nullptr);
        std::vector<std::uint8_t> bytes(desc->bytes);
        REQUIRE(file.file->readAt(desc->offset, std::as_writable_bytes(std::span(bytes))));
        return bytes;
    };
    const auto half = [](const std::vector<std::uint8_t>& bytes, std::size_t i) {
        return halfToFloat(static_cast<std::uint16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8));
    };
    const std::string name = "model.layers.1.mlp.down_proj";
    const std::size_t rows = 64;
    const std::size_t cols = 160;
    std::vector<float> W(rows * cols);
    for (int block = 0; block < 3; ++block) {
        const std::string index = "_" + std::to_string(block);
        const auto sign = read(held, name + ".qweight" + index);
        const auto u = read(held, name + ".u" + index);
        const auto vt = read(held, name + ".vt" + index);
        const std::size_t k = held.find(name + ".u" + index)->shape[1];
        REQUIRE(held.find(name + ".qweight" + index)->shape ==
                std::vector<std::uint64_t>{rows * cols / 8});
        for (std::size_t i = 0; i < W.size(); ++i) {
            float product = 0;
            for (std::size_t j = 0; j < k; ++j)
                product += half(u, i / cols * k + j) * half(vt, j * cols + i % cols);
            W[i] += (sign[i / 8] >> (7 - i % 8) & 1) != 0 ? product : -product;
        }
    }
    CHECK(held.find(name + ".u_3") == nullptr);
    const auto want = read(dense, name + ".weight");
    for (std::size_t i = 0; i < W.size(); ++i)
        REQUIRE(std::abs(W[i] - half(want, i)) <= 1e-3F * std::abs(W[i]) + 1e-6F);

    const nlohmann::json order =
        got(parseJson(got(readTextFile(folder.file("out/compression_config.json"))), "order"));
    std::uint64_t before = 0;
    std::uint64_t memory = 0;
    for (const auto& step : order) { // each loads a block more than the one before
        REQUIRE(step["layers"].size() == 14);
        std::uint64_t blocks = 0;
        for (const auto& depth : step["layers"])
            blocks += depth.get<std::uint64_t>();
        CHECK((before == 0 || blocks == before + 1));
        CHECK(step["memory"].get<std::uint64_t>() > memory);
        before = blocks;
        memory = step["memory"].get<std::uint64_t>();
    }
    CHECK(order.size() > 1);
    CHECK(before == 14 * 3);
    // Two matrices [320, 64] and five vectors in f16, and three blocks of every linear as
    // reference/expected.json counts them.
    CHECK(memory == 82560 + 3 * 82432);
}

TEST_CASE("weights of codec nested are what its reference decodes to, slabs put together")
{
    const std::string stack = world().stack("nested");
    const auto source = got(openShared(stack));
    const Plan plan = uniformPlan(source->container->stack, 2);
    const TempFolder folder;
    got(exportModel(request(stack, ExportForm::Safetensors, folder.file("out"), depthChoice(2)),
                    {}));
    const auto exported = got(openShared(folder.file("out")));
    for (const std::string& name : {std::string("model.embed_tokens"), std::string("lm_head"),
                                    std::string("model.layers.1.self_attn.k_proj"),
                                    std::string("model.layers.0.mlp.down_proj")}) {
        CAPTURE(name);
        const std::vector<float> want = got(decodedMatrix(*source->container, name, plan));
        const std::vector<float> values = got(readTensor(*exported, name + ".weight"));
        REQUIRE(want.size() == values.size());
        for (std::size_t i = 0; i < want.size(); ++i)
            REQUIRE(values[i] == halfToFloat(floatToHalf(want[i])));
    }
}

TEST_CASE("a model that is no stack leaves in other forms, but not the authors'")
{
    const TempFolder folder;
    got(exportModel(request(world().model, ExportForm::Gguf, folder.file("out.gguf")), {}));
    CHECK(apart(logits(world().model), logits(folder.file("out.gguf"))) < 1e-5);
    for (const std::string& model : {world().model, world().stack("nested")}) {
        const auto refused =
            exportModel(request(model, ExportForm::Authors, folder.file("authors")), {});
        REQUIRE(!refused);
        CHECK(refused.error().code == ErrorCode::Usage);
        CHECK(refused.error().message.find("codec bitstack") != std::string::npos);
    }
    const auto sized = exportModel(
        request(world().model, ExportForm::Gguf, folder.file("sized"), depthChoice(1)), {});
    REQUIRE(!sized);
    CHECK(sized.error().code == ErrorCode::Usage);
}

TEST_CASE("trim is one of the forms")
{
    const TempFolder folder;
    const ExportRequest asked = request(world().stack("nested"), ExportForm::Trim,
                                        folder.file("small.bitstack"), depthChoice(1));
    const ExportResult forecast = got(forecastExport(asked));
    CHECK(got(exportModel(asked, {})).bytes == forecast.bytes);
    CHECK(std::filesystem::file_size(asked.output) == forecast.bytes);
    CHECK(apart(logits(asked.output), logits(asked.model, asked.size)) == 0);
}

TEST_CASE("nothing is written over without --force, and no folder that is not ours with it")
{
    const TempFolder folder;
    std::filesystem::create_directory(folder.file("papers"));
    folder.write("papers/thesis.txt", "years of work");
    ExportRequest asked =
        request(world().stack("bitstack"), ExportForm::Safetensors, folder.file("papers"));
    auto refused = exportModel(asked, {});
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::Exists);
    asked.force = true;
    refused = exportModel(asked, {});
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::Usage);
    CHECK(folder.read("papers/thesis.txt") == "years of work");
    asked.output = folder.file("out");
    got(exportModel(asked, {}));
    asked.size = depthChoice(1);
    got(exportModel(asked, {}));
    CHECK(folder.names().size() == 2);
    CHECK(apart(logits(asked.output), logits(asked.model, asked.size)) < 1e-3);
    asked.output = asked.model;
    asked.form = ExportForm::Gguf;
    refused = exportModel(asked, {});
    REQUIRE(!refused);
    CHECK(refused.error().message.find("the output is what is read") != std::string::npos);
}

TEST_CASE("an export that is stopped leaves nothing")
{
    for (const ExportForm form :
         {ExportForm::Safetensors, ExportForm::Gguf, ExportForm::Authors, ExportForm::Trim}) {
        CAPTURE(nameOf(form));
        const TempFolder folder;
        std::stop_source stop;
        int reports = 0;
        const JobContext context{stop.get_token(), [&](const Progress& progress) {
                                     CHECK(progress.done <= progress.total);
                                     if (++reports == 5) stop.request_stop();
                                 }};
        const auto stopped =
            exportModel(request(world().stack("bitstack"), form, folder.file("out")), context);
        REQUIRE(!stopped);
        CHECK(stopped.error().code == ErrorCode::Canceled);
        CHECK(reports == 5);
        CHECK(folder.names().empty());
    }
}

TEST_CASE("a damaged block is named, and nothing is left")
{
    const TempFolder folder;
    std::filesystem::copy_file(world().stack("bitstack"), folder.file("bad.bitstack"));
    const auto source = got(openShared(folder.file("bad.bitstack")));
    const auto& matrices = source->container->stack.matrices;
    const std::size_t last = matrices.size() - 1;
    std::fstream file(folder.file("bad.bitstack"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(source->container->blocks[last][2].parts[0].offset));
    file.put('\x5A').put('\xA5').put('\x5A');
    file.close();
    const auto refused =
        exportModel(request(folder.file("bad.bitstack"), ExportForm::Gguf, folder.file("out")), {});
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::Format);
    CHECK(refused.error().message.find("block 2 of " + matrices[last].name) != std::string::npos);
    CHECK(folder.names() == std::vector<std::string>{"bad.bitstack"});
}
