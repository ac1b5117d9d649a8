#pragma once

#include "core/base/file.h"
#include "core/formats/container.h"
#include "core/model/config.h"
#include "core/tensor/dtype.h"
#include "core/tokenizer/tokenizer.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bs {

enum class ModelFormat { Gguf, HuggingFace, Bitstack, Authors };

/// "gguf", "huggingface", "bitstack", "authors"
const char* nameOf(ModelFormat format);

/// Where a tensor of the model lies.
struct SourceTensor
{
    TensorDesc desc;
    std::size_t file = 0;       ///< index into ModelSource::files
    bool permutedHeads = false; ///< GGUF's q and k: rows of a head interleaved, undone when read
};

/// An opened model: what it is and where its weights lie; no weight has been read. Tensors go by their
/// Hugging Face names ("model.layers.0.self_attn.q_proj.weight") whatever the file calls them.
struct ModelSource
{
    ModelFormat format = ModelFormat::Gguf;
    std::string path;
    std::vector<std::shared_ptr<const File>> files;
    ModelConfig config;
    std::uint64_t parameters = 0;
    std::uint64_t bytes = 0; ///< of all files of the model
    std::map<std::string, SourceTensor> tensors; ///< of a container: those outside the stack
    std::optional<Container> container;          ///< set for Bitstack and Authors
    std::optional<TokenizerSpec> tokenizer;      ///< empty: the model has none
};

/// Opens a GGUF file, a Hugging Face folder, a .bitstack file or a checkpoint folder of the BitStack authors, told apart by content. Checks names and
/// shapes of all tensors against the config. Errors: NotFound, Format, Shape, Unsupported.
Result<ModelSource> openModel(const std::string& path);

/// The tokenizer of whatever openModel opens, and of what has nothing else: a folder without weights, a GGUF file of a vocabulary alone, of any
/// architecture. Errors: as openModel; Unsupported (there is none).
Result<TokenizerSpec> openTokenizer(const std::string& path);

/// The rows of a tensor as f32 with the heads' permutation undone.
Result<std::vector<float>> readTensor(const ModelSource& source, const std::string& name);

/// Identifies the model's bytes: XXH3 of its file, or of its files' hashes. Reads everything once.
Result<std::string> modelHash(const ModelSource& source);

/// Puts the rows of GGUF's q or k into Hugging Face order, in place.
void unpermuteHeads(std::byte* rows, std::size_t rowCount, std::size_t rowBytes, std::size_t headDim);

/// Names of the linear layers of one decoder layer, in the order of the forward pass, without
/// ".weight": q k v o gate up down.
std::vector<std::string> linearNames(std::uint32_t layer);

} // namespace bs
