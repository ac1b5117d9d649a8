#include "tests/core/hostile/hostile.h"

namespace bs::test {

namespace {

using Json = nlohmann::json;

HostileFile changed(std::string lie, std::string part, std::function<void(Json&)> change,
                    ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie),
            [change = std::move(change)] {
                Json tokenizer = smallTokenizer();
                change(tokenizer);
                Files files = smallFolder();
                files["tokenizer.json"] =
                    tokenizer.dump(-1, ' ', false, Json::error_handler_t::replace);
                return files;
            },
            codeOf(code), std::move(part)};
}

HostileFile text(std::string lie, std::string part, std::function<std::string()> make,
                 const std::string& name = "tokenizer.json", ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie),
            [make = std::move(make), name] {
                Files files = smallFolder();
                files[name] = make();
                return files;
            },
            codeOf(code), std::move(part)};
}

HostileFile gguf(std::string lie, std::string part, std::function<void(Json&)> change,
                 ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie),
            [change = std::move(change)] { return Files{{"m.gguf", smallGguf({}, change)}}; },
            codeOf(code),
            std::move(part),
            Reader::Model,
            "m.gguf"};
}

} // namespace

HostileFiles hostileTokenizers()
{
    return {
        text("no object", "tokenizer.json", [] { return std::string("7"); }),
        text("no UTF-8", "ill-formed UTF-8",
             [] { return std::string("{\"model\":\"\xED\xA0\x80\"}"); }),
        text("a million brackets", "more than 64 deep", [] { return std::string(1'000'000, '['); }),
        text("100 MB of lists of empty texts", "would take more than 234881024 bytes",
             [] { return "{\"model\":[" + repeated("[\"\"],", 19'800'000) + "[]]}"; }),
        text("101 MB", "is 101000000 bytes of JSON, at most 100000000 are read",
             [] { return std::string(101'000'000, ' '); }),
        text("a vocabulary of 600,000", "an object has more than 524288 entries",
             [] {
                 std::string vocabulary;
                 for (int i = 0; i < 600'000; ++i)
                     vocabulary += "\"" + std::to_string(i) + "\":" + std::to_string(i) + ",";
                 vocabulary.back() = '}';
                 return R"({"model":{"type":"BPE","merges":[],"vocab":{)" + vocabulary + "}}";
             }),
        changed("no model", "tokenizer.json: model", [](Json& t) { t.erase("model"); }),
        changed("a vocabulary that is a list", "tokenizer.json: model.vocab",
                [](Json& t) {
                    t["model"]["vocab"] = {1, 2};
                }),
        changed("a negative id", "tokenizer.json: model.vocab.a",
                [](Json& t) { t["model"]["vocab"]["a"] = -1; }),
        changed("an id of 2^63", "tokenizer.json: model.vocab.a",
                [](Json& t) { t["model"]["vocab"]["a"] = 1ULL << 63; }),
        changed("an id of 2^62", "token id 4611686018427387904 in a vocabulary of 12",
                [](Json& t) { t["model"]["vocab"]["a"] = 1ULL << 62; }),
        changed("two tokens of one id", "token 1 is \"a\" and \"b\"",
                [](Json& t) { t["model"]["vocab"]["a"] = 1; }),
        changed("an added token in another's place", "token 3 is \"d\" and \"<|im_start|>\"",
                [](Json& t) { t["added_tokens"][0]["id"] = 3; }),
        changed("an added token without an id", "tokenizer.json: added_tokens[0].id",
                [](Json& t) { t["added_tokens"][0].erase("id"); }),
        changed("an added token that is a number", "added_tokens[1]",
                [](Json& t) { t["added_tokens"][1] = 5; }),
        changed("a merge of no token", "merge 1 (\"ab q\") needs the token \"q\", which is not in",
                [](Json& t) { t["model"]["merges"][1] = "ab q"; }),
        changed("a merge that makes no token", "needs the token \"ba\"",
                [](Json& t) { t["model"]["merges"][1] = "b a"; }),
        changed("a merge of one token", "merge 1 (\"abc\") is not two tokens and a space",
                [](Json& t) { t["model"]["merges"][1] = "abc"; }),
        changed("a merge of three", "tokenizer.json: model.merges[1]",
                [](Json& t) {
                    t["model"]["merges"][1] = {"a", "b", "c"};
                }),
        changed("merges that are an object", "tokenizer.json: model.merges",
                [](Json& t) { t["model"]["merges"] = Json::object(); }),
        changed(
            "a pre-tokenizer of no kind", "pre_tokenizer",
            [](Json& t) {
                t["pre_tokenizer"] = {{"type", "Nobody"}};
            },
            ErrorCode::Unsupported),
        changed(
            "a model of no kind", "tokenizer.json: model.type: \"Nobody?\"",
            [](Json& t) { t["model"]["type"] = "Nobody\n"; }, ErrorCode::Unsupported),
        text(
            "an end token that is none", "tokenizer_config.json: eos_token is \"zzz\"",
            [] { return std::string(R"({"eos_token":"zzz"})"); }, "tokenizer_config.json"),
        text(
            "an end token that is a list", "tokenizer_config.json: eos_token",
            [] { return std::string(R"({"eos_token":[]})"); }, "tokenizer_config.json"),
    };
}

HostileFiles hostileGgufTokenizers()
{
    return {
        gguf("fewer kinds than tokens", "token_type has 3 entries, tokenizer.ggml.tokens has 12",
             [](Json& words) {
                 words["types"] = {1, 1, 1};
             }),
        gguf("a kind that is none", "tokenizer.ggml.token_type[2] is 9, known are 1 to 6",
             [](Json& words) { words["types"][2] = 9; }),
        gguf("a negative kind", "tokenizer.ggml.token_type[2] is -1",
             [](Json& words) { words["types"][2] = -1; }),
        gguf("an end token past the vocabulary",
             "tokenizer.ggml.eos_token_id is 12, but there are 12",
             [](Json& words) { words["eos"] = 12; }),
        gguf(
            "a model of no kind", "tokenizer.ggml.model: tokenizer \"nobody?\" is not known",
            [](Json& words) { words["model"] = "nobody\n"; }, ErrorCode::Unsupported),
        gguf("no tokens", "tokens is an empty list",
             [](Json& words) {
                 words["tokens"] = words["types"] = words["merges"] = Json::array();
                 words["eos"] = nullptr;
             }),
        gguf("a token that is no UTF-8", "tokens[3] (\"?\") is not UTF-8",
             [](Json& words) { words["tokens"][3] = "\xFF"; }),
        gguf("a merge of no token", "merge 1 (\"ab q\") needs the token \"q\"",
             [](Json& words) { words["merges"][1] = "ab q"; }),
        gguf("a vocabulary of 1,100,000", "tokens has 1100000 entries, at most 1048576 are read",
             [](Json& words) {
                 words["types"] = Json::array();
                 words["tokens"] = Json::array();
                 for (int i = 0; i < 1'100'000; ++i)
                     words["tokens"].push_back(std::to_string(i));
             }),
        gguf("a bad merge behind 400,000 tokens and 200,000 good ones",
             "merge 199999 (\"x y\") needs",
             [](Json& words) {
                 words["types"] = Json::array();
                 words["tokens"] = {"a", "b"};
                 words["merges"] = Json::array();
                 for (int i = 1; i < 200'000; ++i) {
                     words["tokens"].push_back(std::to_string(i));
                     words["tokens"].push_back("a" + std::to_string(i));
                     words["merges"].push_back("a " + std::to_string(i));
                 }
                 words["merges"].push_back("x y");
                 words["rows"] = 400'000;
             }),
        gguf(
            "more tokens than the embedding has rows",
            "the tokenizer has 12 tokens, the embedding only 11 rows",
            [](Json& words) { words["rows"] = 11; }, ErrorCode::Shape),
    };
}

} // namespace bs::test
