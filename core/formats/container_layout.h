#pragma once

#include "core/formats/container.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// What reader, writer and trim of the container share; FORMAT.md describes it.
namespace bs::layout {

constexpr std::uint64_t kVersion = 2; ///< on disk
constexpr std::uint64_t kDataAlignment = 4096;
constexpr std::uint64_t kTensorAlignment = 64;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::uint64_t kMaxConfigBytes = 1ULL << 20; ///< as of a config.json
constexpr std::uint64_t kMaxTokenizerBytes = 24ULL
                                             << 20; ///< unpacked; half a million tokens have 10 MB
constexpr const char* kBitstack = "bitstack";       ///< codec
constexpr const char* kNested = "nested";           ///< codec
constexpr std::uint64_t kMaxNestedSide = 65536;
constexpr const char* kMetadataKey = "bitstack";
constexpr const char* kConfigName = "bitstack.config";
constexpr const char* kPackedTokenizerName = "bitstack.tokenizer.zlib";
constexpr const char* kPlainTokenizerName = "bitstack.tokenizer"; ///< only read
constexpr const char* kPaddingSuffix = ".pad";

/// `bytes` rounded up to the next multiple of kTensorAlignment.
constexpr std::uint64_t padded(std::uint64_t bytes)
{
    return (bytes + kTensorAlignment - 1) / kTensorAlignment * kTensorAlignment;
}

inline bool isKnownCodec(const std::string& codec)
{
    return codec == kBitstack || codec == kNested;
}

/// Errors: Unsupported (the codec and those that are known).
Result<void> checkCodec(const std::string& codec);

/// Bytes of a block in a file that we write, padding included.
std::uint64_t paddedBytes(const std::vector<TensorDesc>& parts);

/// "block 3 of model.layers.0.mlp.up_proj"
std::string blockText(const StackMatrix& matrix, std::size_t index);

/// Reads the JSON under kMetadataKey: codec, provenance, matrices (without sizes of blocks), gains,
/// checksums, loading order and mark. Errors: Format (field), Unsupported (version, codec).
Result<void> readDescription(const nlohmann::json& described, Container& container);

/// Checks dtypes and shapes of a block's parts against the matrix, and that all its blocks are of
/// one rank: `first` are the parts of block 0. What is inside a nested block is its codec's to
/// check. Errors: Shape (part, both shapes).
Result<void> checkParts(const std::string& codec, const StackMatrix& matrix,
                        const std::vector<TensorDesc>& parts, const std::vector<TensorDesc>& first);

/// The loading order of a plan's file: the entries that the plan loads, and how many of the
/// smallest plan are among them.
struct KeptOrder
{
    std::vector<StackBlock> order;
    std::size_t smallestCount = 0;
};
KeptOrder keptOrder(const Stack& stack, const Plan& plan);

/// The tensors of a plan's file in file order, padding included. Offsets are not set.
std::vector<TensorDesc> fileTensors(const Container& container, const Plan& plan);

/// Everything of a plan's file behind its header.
std::uint64_t dataBytesOf(const Container& container, const Plan& plan);

/// Length field and header of a plan's file.
std::string headerText(const Container& container, const Plan& plan);

} // namespace bs::layout
