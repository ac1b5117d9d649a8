#pragma once

#include "core/base/file.h"
#include "core/formats/safetensors.h"
#include "core/stack/stack.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bs {

/// Bytes [offset, offset + bytes) of the file.
struct ByteRange
{
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

/// Where one block of one matrix lies. In a file that we wrote its parts are neighbours and
/// `ranges` is one range, padding included; another program that saves the file again may have
/// scattered them, then there is one range for each part. Loading or dropping a block is loading or
/// dropping its ranges.
struct ContainerBlock
{
    /// Codec `bitstack`: sign, u, vt; a whole tensor: one part. Codec `nested`: one part.
    std::vector<TensorDesc> parts;
    std::vector<ByteRange> ranges;
    std::uint64_t checksum = 0; ///< XXH3-64 of the parts' bytes one after another, without padding
    double gain = 0;            ///< expected loss this block saves, as the order was made with
};

/// What ContainerBlock::checksum must be. `image` mirrors the file (Arena::data()): byte i of the
/// file lies at image + i; the block's ranges are loaded.
std::uint64_t checksumOf(const ContainerBlock& block, const std::byte* image);

/// How much worse than the dense model the stack is at one of its sizes: rise of the mean
/// log-perplexity, as the order was made with and as it was measured on text kept out of calibration.
struct PredictedRise
{
    std::uint64_t budgetBytes = 0; ///< of the whole file
    double predictedRise = 0;
    double measuredRise = 0;
};

/// An opened .bitstack file: see FORMAT.md. A checkpoint folder of the BitStack authors is described in
/// the same way (core/model/open_authors.cpp); `file` is then its files joined.
struct Container
{
    std::shared_ptr<const File> file;
    bool truncated = false;    ///< cut; the stack ends at the last whole block
    bool checksummed = true;   ///< false: the blocks' checksums are not known (a folder of the authors)
    std::string codec;         ///< "bitstack" or "nested"
    std::string configText;    ///< config.json
    std::string tokenizerText; ///< TokenizerSpec as JSON; may be empty
    std::string packedTokenizer; ///< the same as the file holds it (packText); empty if that is
    std::map<std::string, std::string>
        provenance; ///< source hash, calibration, program version, settings
    std::vector<PredictedRise> predicted; ///< by size, the smallest first; may be empty
    Stack stack;
    std::vector<std::vector<ContainerBlock>> blocks; ///< [matrix][index], as Stack::matrices
    std::vector<TensorDesc> tensors;                 ///< outside the stack: norms (F32)
    std::uint64_t dataOffset = 0;
};

/// Opens and checks a container; reads no block. A cut file opens up to its last whole block whose
/// checksum holds, if the smallest plan is complete. Errors: NotFound, Format, Unsupported (newer
/// version: both named), Io.
Result<Container> openContainer(const std::string& path);

/// Size of the file that trim writes for a plan: exact. The plan must pass checkPlan (core/stack).
std::uint64_t fileBytesOf(const Container& container, const Plan& plan);

/// The longest prefix of the loading order whose file is at most `bytes` large.
/// Errors: Budget (smallest size and the size asked for are named).
Result<Plan> planForBudget(const Container& container, std::uint64_t bytes);

/// The smallest plan: what always loads.
Plan smallestPlan(const Container& container);
/// Everything there is.
Plan largestPlan(const Container& container);

/// A tensor to be written: `read` returns exactly the bytes that dtype and shape ask for.
struct PendingTensor
{
    TensorDesc desc; ///< name, dtype, shape; `bytes` and `offset` are filled in by the writer
    std::function<Result<std::vector<std::byte>>()> read;
};

struct PendingBlock
{
    std::vector<PendingTensor> parts; ///< names as blockPartNames gives them
    double gain = 0;
};

/// Names of the parts of block `index` of a matrix:
/// "model.layers.0.self_attn.q_proj.blocks.0.sign", ".u",
/// ".vt" for a linear matrix of codec `bitstack`; for a whole tensor the matrix's name and
/// ".weight". Of codec `nested` "model.layers.0.self_attn.q_proj.blocks.0".
std::vector<std::string> blockPartNames(const std::string& codec, const StackMatrix& matrix,
                                        std::size_t index);

/// The rows of a matrix from `firstRow` on, coded as a matrix of the stack by themselves (codec
/// `nested`): large matrices are cut, so that no block is large.
struct SlabName
{
    std::string matrix; ///< "model.embed_tokens"
    std::uint64_t firstRow = 0;
};

/// "model.embed_tokens#6144"
std::string slabText(const SlabName& slab);
/// The slab that a matrix of the stack is by its name; one without '#' begins with row 0.
SlabName slabOf(const std::string& name);

/// Everything a new container holds. Blocks are read through their callbacks while writing, one at
/// a time, so that memory stays at one block.
struct ContainerContent
{
    std::string codec;
    std::string configText;
    std::string tokenizerText;
    std::map<std::string, std::string> provenance;
    std::vector<PredictedRise> predicted;          ///< may be empty; sizes above the file's are left out
    std::vector<PendingTensor> tensors;            ///< outside the stack
    std::vector<StackMatrix> matrices;             ///< blockBytes is filled in by the writer
    std::vector<std::vector<PendingBlock>> blocks; ///< [matrix][index]
    std::vector<StackBlock> order;
    std::size_t smallestCount = 0;
};

/// Writes a container under `path` (AtomicFile). Returns its size. `onProgress` (may be empty) is
/// called after every tensor and block with the part that is done, 0..1; its error ends the
/// writing. Errors: Exists, Io, Shape (part named), Numeric (a gain that is no number), Format
/// (names that collide, an order that does not fit), Canceled, and what the callbacks return.
Result<std::uint64_t> writeContainer(const std::string& path, const ContainerContent& content,
                                     bool overwrite,
                                     const std::function<Result<void>(double done)>& onProgress);

/// Copies the blocks of a plan under a rewritten header. Returns the new file's size, which is
/// fileBytesOf(container, plan). Checksums that are not known are those of the bytes that were
/// copied. Predictions for sizes above it are left out. Any plan will do; its file is a stack of
/// its own, whose smallest plan is what is left of the old one. `onProgress` as of writeContainer.
/// Errors: Usage (the plan does not fit the stack), Exists, Io, Format (a block whose checksum
/// fails: named), and what the callback returns.
Result<std::uint64_t>
trimContainer(const Container& container, const Plan& plan, const std::string& path, bool overwrite,
              const std::function<Result<void>(double done)>& onProgress = {});

} // namespace bs
