#include "core/tokenizer/spec_huggingface.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/json_fields.h"
#include "core/tokenizer/spec_check.h"

#include <algorithm>

namespace bs {

namespace {

using nlohmann::json;

/// A quarter of a million tokens with half a million merges, each a pair of texts.
constexpr JsonLimits kTokenizerLimits{.maxMemory = 224ULL << 20};

/// Kind and options of the model.
Result<void> readModelOptions(const JsonFields& model, TokenizerSpec& spec)
{
    BS_TRY(const std::string type, model.textOr("type", "BPE"));
    if (type != "BPE" && type != "Unigram") return unsupportedField(model, "type", type);
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        BS_TRY(const std::string affix, model.textOr(key, ""));
        if (!affix.empty()) return unsupportedField(model, key, affix);
    }
    BS_TRY(spec.byteFallback, model.boolOr("byte_fallback", false));
    BS_TRY(spec.ignoreMerges, model.boolOr("ignore_merges", false));
    BS_TRY(spec.fuseUnknown, model.boolOr("fuse_unk", false));
    if (type == "Unigram") {
        spec.model = "unigram";
        spec.doubleSums = spec.fuseUnknown = true;
    }
    return {};
}

/// Whether some step of a field is of the kind `type`.
bool hasStep(const json& value, std::string_view type)
{
    if (value.is_array())
        return std::ranges::any_of(value, [&](const json& one) { return hasStep(one, type); });
    if (!value.is_object()) return false;
    const auto named = value.find("type");
    if (named != value.end() && *named == type) return true;
    const auto inner = value.find("pretokenizers");
    return inner != value.end() && hasStep(*inner, type);
}

/// Whether a post-processor is a template that puts the BOS in front of a single text.
bool addsBos(const json& processor, const std::string& bos)
{
    if (!processor.is_object()) return false;
    const auto inner = processor.find("processors");
    if (inner != processor.end() && inner->is_array())
        return std::ranges::any_of(*inner, [&](const json& one) { return addsBos(one, bos); });
    const json::json_pointer first("/single/0/SpecialToken/id");
    return processor.contains(first) && processor[first] == bos;
}

} // namespace

Result<TokenizerSpec> tokenizerSpecFromHuggingFace(std::string_view tokenizerJson,
                                                   std::string_view tokenizerConfigJson)
{
    BS_TRY(const json parsed, parseJson(tokenizerJson, kTokenizerFile, kTokenizerLimits));
    BS_TRY(const JsonFields root, JsonFields::of(parsed, kTokenizerFile));
    BS_TRY(const JsonFields model, root.object("model"));
    TokenizerSpec spec;
    const json* cutting = root.find("pre_tokenizer");
    spec.model = cutting != nullptr && hasStep(*cutting, "ByteLevel") ? "bpe" : "bpe_chars";
    BS_CHECK(readModelOptions(model, spec));
    BS_CHECK(readHuggingFaceSteps(root, spec));
    BS_CHECK(readHuggingFaceTokens(root, model, spec));
    if (!tokenizerConfigJson.empty()) BS_CHECK(readTokenizerConfig(tokenizerConfigJson, spec));
    const json* processor = root.find("post_processor");
    if (processor != nullptr && spec.bos >= 0 &&
        addsBos(*processor, spec.tokens[static_cast<std::size_t>(spec.bos)]))
        spec.addBos = true;
    collectEndOfTurn(spec);
    BS_CHECK(checkSpec(spec));
    return spec;
}

} // namespace bs
