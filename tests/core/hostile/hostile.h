#pragma once

#include "core/base/result.h"
#include "tests/support/small_models.h"

#include <functional>
#include <string>
#include <vector>

namespace bs::test {

/// What reads a hostile file.
enum class Reader {
    Model,        ///< openModel, then the tokenizer
    ChatTemplate, ///< renderChat
    Protocol,     ///< the worker's reader of lines, messages and parameters
};

/// Lines of the worker's protocol are refused with JSON-RPC's codes, everything else with ours.
constexpr int codeOf(ErrorCode code)
{
    return static_cast<int>(code);
}

/// One broken file (or folder of files) and what must be said about it.
struct HostileFile
{
    std::string lie;
    std::function<Files()> make;
    int code = codeOf(ErrorCode::Format);
    std::string part; ///< of the message: file, field, figures
    Reader reader = Reader::Model;
    std::string open = {}; ///< which of the files is opened; "": their folder
};

using HostileFiles = std::vector<HostileFile>;

HostileFiles hostileGguf();
HostileFiles hostileSplits();
HostileFiles hostileSafetensors();
HostileFiles hostileConfigs();
HostileFiles hostileTokenizers();
HostileFiles hostileGgufTokenizers();
HostileFiles hostileSentencePiece();
HostileFiles hostileTemplates();
HostileFiles hostileContainers();
HostileFiles hostileAuthors();
HostileFiles hostileMessages();

/// A folder of a model with a good tokenizer.model, that of its own lies.
Files smallSentencePieceFolder();

/// `piece` so many times.
std::string repeated(const std::string& piece, std::size_t count);

} // namespace bs::test
