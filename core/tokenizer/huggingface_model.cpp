#include "core/tokenizer/huggingface_parts.h"
#include "core/tokenizer/merges.h"

#include <algorithm>
#include <utility>

namespace bs {

namespace {

using Json = nlohmann::ordered_json;

/// How much less than the least likely token a token counts that no text may become.
constexpr double kNeverTaken = 1e4;

/// Pairs of spelling and score. SentencePiece finds no byte tokens and no unused ones in a text,
/// Hugging Face finds every token of the list: those are made too unlikely to be taken.
Json unigramVocabulary(const TokenizerSpec& spec)
{
    double lowest = 0;
    std::size_t size = 0; // without what is added behind the vocabulary
    for (std::size_t id = 0; id < spec.tokens.size(); ++id) {
        if (spec.kinds[id] != TokenKind::Normal && spec.kinds[id] != TokenKind::Byte) continue;
        lowest = std::min(lowest, spec.scores[id]);
        size = id + 1;
    }
    size = std::max(size, static_cast<std::size_t>(spec.unknown + 1));
    Json list = Json::array();
    for (std::size_t id = 0; id < size; ++id) {
        const TokenKind kind = spec.kinds[id];
        const bool never =
            !spec.doubleSums && (kind == TokenKind::Byte || kind == TokenKind::Unused);
        list.push_back(
            Json::array({spec.tokens[id], never ? lowest - kNeverTaken : spec.scores[id]}));
    }
    return list;
}

Json unigramModel(const TokenizerSpec& spec)
{
    return {{"type", "Unigram"},
            {"unk_id", spec.unknown < 0 ? Json(nullptr) : Json(spec.unknown)},
            {"vocab", unigramVocabulary(spec)},
            {"byte_fallback", spec.byteFallback}};
}

/// A vocabulary by spelling; gaps are left out.
Json bpeVocabulary(const TokenizerSpec& spec)
{
    Json vocabulary = Json::object();
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (!spec.tokens[id].empty())
            vocabulary.get_ref<Json::object_t&>().emplace_back(
                spec.tokens[id], id); // no search for a key that is there already
    return vocabulary;
}

} // namespace

Error noHuggingFaceForm(const std::string& what)
{
    return Error{ErrorCode::Unsupported,
                 "tokenizer: " + what + " has no form in tokenizer.json that this version writes"};
}

Result<Json> huggingFaceModel(const TokenizerSpec& spec)
{
    if (spec.model == "unigram") return unigramModel(spec);
    const bool bytes = spec.model == "bpe";
    std::vector<std::string> derived;
    if (spec.model == "spm") {
        BS_TRY(derived, mergesOfScores(spec));
    }
    const bool unknown = !bytes && spec.unknown >= 0;
    return Json{{"type", "BPE"},
                {"dropout", nullptr},
                {"unk_token", unknown ? Json(spec.tokens[static_cast<std::size_t>(spec.unknown)])
                                      : Json(nullptr)},
                {"continuing_subword_prefix", nullptr},
                {"end_of_word_suffix", nullptr},
                {"fuse_unk", !bytes && spec.fuseUnknown},
                {"byte_fallback", !bytes && spec.byteFallback},
                {"ignore_merges", spec.ignoreMerges},
                {"vocab", bpeVocabulary(spec)},
                {"merges", spec.model == "spm" ? derived : spec.merges}};
}

} // namespace bs
