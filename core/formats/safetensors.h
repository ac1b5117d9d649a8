#pragma once

#include "core/base/file.h"
#include "core/tensor/dtype.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bs {

/// A safetensors file as its header describes it.
struct SafetensorsFile
{
    std::shared_ptr<const File> file;
    std::vector<TensorDesc> tensors; ///< by offset
    std::map<std::string, std::string> metadata;
    std::uint64_t dataOffset = 0; ///< first byte behind the header
    bool truncated = false;       ///< see ReadOptions

    const TensorDesc* find(const std::string& name) const;
};

struct SafetensorsReadOptions
{
    /// Accept a file whose data was cut: `truncated` is set, tensors that reach past the end are
    /// kept in the list (their offset + bytes lie behind file->size()).
    bool allowTruncated = false;
};

/// Reads and checks the header: every rule of the format (length, depth, duplicate keys, dtypes,
/// shapes against bytes, gaps, overlaps, cut and trailing bytes) before anything is allocated for
/// data. Errors: NotFound, Format (file, tensor, both numbers), Unsupported (a dtype that is not
/// known: named), Io.
Result<SafetensorsFile> readSafetensors(const std::string& path,
                                        const SafetensorsReadOptions& options = {});

/// The beginning of a file, length field and header, for tensors laid out one after another in the
/// order given, without gaps; padded with spaces so that its size is a multiple of `alignment`.
/// Offsets of the descriptors are ignored, `bytes` counts.
std::string safetensorsHeader(const std::vector<TensorDesc>& tensors,
                              const std::map<std::string, std::string>& metadata,
                              std::uint64_t alignment);

} // namespace bs
