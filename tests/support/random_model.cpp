#include "tests/support/random_model.h"

#include "core/formats/safetensors.h"
#include "core/model/open.h"

#include <cmath>
#include <fstream>
#include <random>

namespace bs::test {

namespace {

std::vector<TensorDesc> tensorsOf(const ModelConfig& config)
{
    std::vector<ExpectedTensor> expected = expectedLinears(config);
    for (ExpectedTensor& linear : expected)
        linear.name += ".weight";
    for (const auto& more : {expectedNorms(config), expectedWhole(config)})
        expected.insert(expected.end(), more.begin(), more.end());
    std::vector<TensorDesc> tensors;
    for (const ExpectedTensor& tensor : expected) {
        TensorDesc desc;
        desc.name = tensor.name;
        desc.dtype = DType::F32;
        desc.shape = tensor.shape;
        desc.bytes = desc.elements() * sizeof(float);
        tensors.push_back(desc);
    }
    return tensors;
}

/// Norms around 1, embeddings with spread 1, linears that keep the size of what goes through them.
std::vector<float> valuesOf(const TensorDesc& desc, std::mt19937_64& random)
{
    const bool norm = desc.shape.size() == 1;
    const bool embedding = desc.name == "model.embed_tokens.weight";
    const float linear = 1.0F / std::sqrt(static_cast<float>(desc.shape.back()));
    std::normal_distribution<float> distribution(norm ? 1.0F : 0.0F, norm        ? 0.2F
                                                                     : embedding ? 1.0F
                                                                                 : linear);
    std::vector<float> values(desc.elements());
    for (float& value : values)
        value = distribution(random);
    return values;
}

} // namespace

ModelConfig smallConfig(bool tied, std::uint32_t contextLength)
{
    ModelConfig config;
    config.architecture = "llama";
    config.layers = 2;
    config.width = 72;
    config.mlpWidth = 104;
    config.heads = 6;
    config.kvHeads = 2;
    config.headDim = 12;
    config.vocabulary = 150;
    config.contextLength = contextLength;
    config.tiedEmbeddings = tied;
    return config;
}

ModelConfig tinyConfig(bool tied, std::uint32_t contextLength)
{
    ModelConfig config = smallConfig(tied, contextLength);
    config.width = 24;
    config.mlpWidth = 40;
    config.heads = 2;
    config.kvHeads = 1;
    return config;
}

void writeRandomModel(const std::string& folder, const ModelConfig& config,
                      const TensorChange& change)
{
    std::ofstream(folder + "/config.json") << huggingFaceConfigText(config);
    const std::vector<TensorDesc> tensors = tensorsOf(config);
    std::ofstream file(folder + "/model.safetensors", std::ios::binary);
    file << safetensorsHeader(tensors, {}, 64);
    std::mt19937_64 random(5);
    for (const TensorDesc& desc : tensors) {
        std::vector<float> values = valuesOf(desc, random);
        if (change) change(desc.name, values);
        file.write(reinterpret_cast<const char*>(values.data()),
                   static_cast<std::streamsize>(desc.bytes));
    }
}

} // namespace bs::test
