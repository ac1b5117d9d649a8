#include "tests/support/tiny_model.h"

#include <nlohmann/json.hpp>

#include <array>
#include <filesystem>
#include <fstream>

namespace bs::test {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// A code point below 0x800 as UTF-8.
std::string utf8(unsigned code)
{
    if (code < 0x80) return std::string(1, static_cast<char>(code));
    return {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
}

/// The letters that stand for bytes in byte-level vocabularies: printable ones for themselves, the
/// others from U+0100 on.
std::array<std::string, 256> byteLetters()
{
    std::array<std::string, 256> letters;
    unsigned next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const bool itself =
            (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
        letters.at(byte) = utf8(itself ? byte : next++);
    }
    return letters;
}

Json tokenizerJson()
{
    Json vocabulary = Json::object();
    const auto letters = byteLetters();
    for (unsigned byte = 0; byte < 256; ++byte)
        vocabulary[letters.at(byte)] = byte + 3;
    Json added = Json::array();
    int id = 0;
    for (const char* name : {"<|endoftext|>", "<|im_start|>", "<|im_end|>"})
        added.push_back(Json{{"id", id++},
                             {"content", name},
                             {"special", true},
                             {"single_word", false},
                             {"lstrip", false},
                             {"rstrip", false},
                             {"normalized", false}});
    return Json{{"version", "1.0"},
                {"added_tokens", added},
                {"normalizer", nullptr},
                {"pre_tokenizer",
                 Json{{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
                {"decoder", Json{{"type", "ByteLevel"}}},
                {"model", Json{{"type", "BPE"}, {"vocab", vocabulary}, {"merges", Json::array()}}}};
}

} // namespace

std::string makeTinyModel(const std::string& folder, const std::string& name,
                          const std::string& reference)
{
    const fs::path from = fs::path(BS_REFERENCE_DIR) / "reference" / reference / "original";
    const fs::path to = fs::path(folder) / name;
    fs::create_directories(to);
    for (const char* file : {"config.json", "model.safetensors"}) {
        fs::copy_file(from / file, to / file, fs::copy_options::overwrite_existing);
        fs::permissions(to / file, fs::perms::owner_write, fs::perm_options::add);
    }
    std::ofstream(to / "tokenizer.json") << tokenizerJson().dump();
    std::ofstream(to / "tokenizer_config.json") << Json{
        {"bos_token", "<|im_start|>"},
        {"eos_token", "<|im_end|>"},
        {"add_bos_token", false}}.dump();
    return to.string();
}

std::string tinyText(std::size_t bytes)
{
    constexpr std::array<const char*, 12> kWords{"the ",  "river ", "was ",  "old ",
                                                 "and ",  "slow, ", "but ",  "it ",
                                                 "knew ", "every ", "stone", ".\n"};
    std::string text;
    for (std::uint64_t state = 1; text.size() < bytes;) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        text += kWords.at((state >> 33) % kWords.size());
    }
    text.resize(bytes);
    return text;
}

} // namespace bs::test
