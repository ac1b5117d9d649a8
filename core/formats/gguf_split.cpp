#include "core/formats/gguf_split.h"

#include "core/base/json_guard.h"

#include <array>
#include <cstdio>
#include <set>
#include <utility>

namespace bs {

namespace {

/// What a piece says about itself.
struct Split
{
    std::uint64_t number = 0; ///< from 0
    std::uint64_t count = 1;
    std::uint64_t tensors = 0; ///< of all pieces
};

Error formatError(const std::string& path, const std::string& message)
{
    return Error{ErrorCode::Format, path + ": " + message};
}

Result<std::uint64_t> splitNumber(const GgufFile& file, const std::string& path, const char* key,
                                  std::uint64_t limit)
{
    const auto value = file.integer(key);
    if (value && *value < limit) return *value;
    return formatError(path, "key '" + std::string(key) + "' is " +
                                 (value ? std::to_string(*value) : "missing or no whole number") +
                                 ", a number below " + std::to_string(limit) + " is expected");
}

Result<Split> splitOf(const GgufFile& file, const std::string& path)
{
    constexpr std::uint64_t kMaxPieces = 65536; // 16 bits in files of llama.cpp
    Split split;
    if (!file.metadata.contains("split.count")) return split;
    BS_TRY(split.count, splitNumber(file, path, "split.count", kMaxPieces));
    if (split.count < 2) return Split{};
    BS_TRY(split.number, splitNumber(file, path, "split.no", split.count));
    BS_TRY(split.tensors, splitNumber(file, path, "split.tensors.count", 1ULL << 31));
    return split;
}

/// "-00002-of-00003.gguf" for piece 1 of 3.
std::string endOfName(std::uint64_t number, std::uint64_t count)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "-%05llu-of-%05llu.gguf",
                  static_cast<unsigned long long>(number + 1),
                  static_cast<unsigned long long>(count));
    return text.data();
}

std::string pieceText(const Split& split)
{
    return "piece " + std::to_string(split.number + 1) + " of " + std::to_string(split.count);
}

/// Piece `number` of the split that `wanted` is a piece of.
Result<GgufFile> readOther(const std::string& path, std::uint64_t number, const Split& wanted)
{
    auto read = readGgufPiece(path);
    if (!read && read.error().code == ErrorCode::NotFound)
        return std::move(read).error().in("a piece of the split model is missing");
    if (!read) return read;
    BS_TRY(const Split split, splitOf(read.value(), path));
    if (split.number != number || split.count != wanted.count)
        return formatError(path, "is " + pieceText(split) + " by its metadata, but by its name " +
                                     pieceText({number, wanted.count, 0}));
    if (split.tensors != wanted.tensors)
        return formatError(path, "belongs to a split of " + std::to_string(split.tensors) +
                                     " tensors, the piece that was opened to one of " +
                                     std::to_string(wanted.tensors));
    return read;
}

/// The pieces, in order, as one.
Result<GgufFile> joined(std::vector<GgufFile> pieces, const std::string& path, const Split& split)
{
    std::vector<std::shared_ptr<const File>> files;
    for (const GgufFile& piece : pieces)
        files.push_back(piece.file);
    // Nothing that reads GGUF's tensors asks for aligned ones.
    auto file = std::make_shared<const File>(File::join(std::move(files), 1));
    GgufFile result;
    result.version = pieces.front().version;
    result.metadata = std::move(pieces.front().metadata);
    std::set<std::string> names;
    for (std::size_t i = 0; i < pieces.size(); ++i)
        for (TensorDesc& tensor : pieces[i].tensors) {
            if (!names.insert(tensor.name).second)
                return formatError(pieces[i].file->path(), "tensor '" + printable(tensor.name) +
                                                               "' is in another piece, too");
            tensor.offset += file->offsetOf(i);
            result.tensors.push_back(std::move(tensor));
        }
    if (result.tensors.size() != split.tensors)
        return formatError(path, "the " + std::to_string(split.count) + " pieces hold " +
                                     std::to_string(result.tensors.size()) +
                                     " tensors, key 'split.tensors.count' says " +
                                     std::to_string(split.tensors));
    result.file = std::move(file);
    return result;
}

} // namespace

Result<GgufFile> joinGgufPieces(const std::string& path, GgufFile opened)
{
    BS_TRY(const Split split, splitOf(opened, path));
    if (split.count < 2) return opened;
    const std::string end = endOfName(split.number, split.count);
    if (!path.ends_with(end))
        return formatError(path, "is " + pieceText(split) + ", but its name does not end in " +
                                     end + ", so that the others cannot be found");
    const std::string stem = path.substr(0, path.size() - end.size());
    std::vector<GgufFile> pieces;
    for (std::uint64_t number = 0; number < split.count; ++number) {
        if (number == split.number) {
            pieces.push_back(std::move(opened));
            continue;
        }
        BS_TRY(GgufFile other, readOther(stem + endOfName(number, split.count), number, split));
        pieces.push_back(std::move(other));
    }
    return joined(std::move(pieces), path, split);
}

} // namespace bs
