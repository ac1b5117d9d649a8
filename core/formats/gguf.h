#pragma once

#include "core/base/file.h"
#include "core/tensor/dtype.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bs {

/// A value of GGUF metadata. Integers of every width are widened; arrays hold one kind.
using GgufValue =
    std::variant<std::uint64_t, std::int64_t, double, bool, std::string, std::vector<std::int64_t>,
                 std::vector<double>, std::vector<std::string>>;

/// A GGUF file (v2 or v3, little endian) as its header describes it.
struct GgufFile
{
    std::shared_ptr<const File> file;
    std::uint32_t version = 0;
    std::map<std::string, GgufValue> metadata;
    std::vector<TensorDesc>
        tensors; ///< shapes outermost first (GGUF stores them the other way round)

    const TensorDesc* find(const std::string& name) const;
    std::optional<std::string> text(const std::string& key) const;
    std::optional<std::uint64_t>
    integer(const std::string& key) const;                      ///< unsigned or non-negative signed
    std::optional<double> number(const std::string& key) const; ///< any numeric kind
};

/// Reads and checks the whole header; of a split file that of all its pieces, whichever is named: they
/// make one file (File::join), whose metadata are those of the first. Errors: NotFound, Format (file, key or tensor, both numbers),
/// Unsupported (version, tensor type: named with its number), Io.
Result<GgufFile> readGguf(const std::string& path);

} // namespace bs
