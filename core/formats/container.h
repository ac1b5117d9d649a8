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

/// Where one block of one matrix lies. Its parts are neighbours in the file, so that a block is one
/// range [offset, offset + bytes), padding included.
struct ContainerBlock
{
    std::vector<TensorDesc> parts; ///< codec `bitstack`: sign, u, vt; a whole tensor: one part
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::uint64_t checksum = 0; ///< XXH3-64 of the range
    double gain = 0;            ///< expected loss this block saves, as the order was made with
};

/// An opened .bitstack file: see FORMAT.md.
struct Container
{
    std::shared_ptr<const File> file;
    bool truncated = false;                          ///< cut; the stack ends at the last whole block
    std::string codec;                               ///< "bitstack"
    std::string configText;                          ///< config.json
    std::string tokenizerText;                       ///< TokenizerSpec as JSON; may be empty
    std::map<std::string, std::string> provenance;   ///< source hash, calibration, program version, settings
    Stack stack;
    std::vector<std::vector<ContainerBlock>> blocks; ///< [matrix][index], as Stack::matrices
    std::vector<TensorDesc> tensors;                 ///< outside the stack: norms (F32)
    std::uint64_t dataOffset = 0;
};

/// Opens and checks a container; reads no block. A cut file opens up to its last whole block whose
/// checksum holds, if the smallest plan is complete. Errors: NotFound, Format, Unsupported (newer
/// version: both named), Io.
Result<Container> openContainer(const std::string& path);

/// Size of the file that trim writes for a plan: exact.
std::uint64_t fileBytesOf(const Container& container, const Plan& plan);

/// The longest prefix of the loading order whose file is at most `bytes` large.
/// Errors: Budget (smallest size and the size asked for are named).
Result<Plan> planForBudget(const Container& container, std::uint64_t bytes);

/// The smallest plan: what always loads.
Plan smallestPlan(const Container& container);
/// Everything there is.
Plan largestPlan(const Container& container);

/// A tensor to be written: `write` produces exactly desc.bytes bytes through the sink.
struct PendingTensor
{
    TensorDesc desc; ///< name, dtype, shape, bytes
    std::function<Result<std::vector<std::byte>>()> read;
};

struct PendingBlock
{
    std::vector<PendingTensor> parts;
    double gain = 0;
};

/// Everything a new container holds. Blocks are read through their callbacks while writing, one at a
/// time, so that memory stays at one block.
struct ContainerContent
{
    std::string codec;
    std::string configText;
    std::string tokenizerText;
    std::map<std::string, std::string> provenance;
    std::vector<PendingTensor> tensors;             ///< outside the stack
    std::vector<StackMatrix> matrices;              ///< blockBytes is filled in by the writer
    std::vector<std::vector<PendingBlock>> blocks;  ///< [matrix][index]
    std::vector<StackBlock> order;
    std::size_t smallestCount = 0;
};

/// Writes a container under `path` (AtomicFile). Returns its size. Errors: Exists, Io, Canceled, and what
/// the callbacks return.
Result<std::uint64_t> writeContainer(const std::string& path, ContainerContent content, bool overwrite,
                                     const std::function<Result<void>(double done)>& onProgress);

/// Copies the blocks of a plan under a rewritten header. Returns the new file's size, which is
/// fileBytesOf(container, plan). A block whose checksum fails is an error.
Result<std::uint64_t> trimContainer(const Container& container, const Plan& plan, const std::string& path,
                                    bool overwrite);

} // namespace bs
