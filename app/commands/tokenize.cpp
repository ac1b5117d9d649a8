#include "app/cli/command.h"
#include "core/jobs/loaded_model.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    std::string model;
    std::string textFile;
    bool bos = false;
};

Result<void> tokenizeFile(const Options& options)
{
    BS_TRY(TokenizerSpec spec, openTokenizer(options.model));
    BS_TRY(const auto tokenizer, Tokenizer::create(std::move(spec)));
    BS_TRY(const std::string text, readTextFile(options.textFile));
    BS_TRY(const std::vector<std::int32_t> ids, tokenize(*tokenizer, text, options.bos));
    if (options.common.json) {
        print(Json{{"ids", ids}});
        return {};
    }
    for (const std::int32_t id : ids)
        std::printf("%d\t%s\n", id,
                    Json(tokenizer->piece(id, true))
                        .dump(-1, ' ', false, Json::error_handler_t::replace)
                        .c_str());
    return {};
}

} // namespace

void addTokenize(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    CLI::App* const command = app.add_subcommand("tokenize", "Turn a text into the model's tokens");
    command->add_option("MODEL", options->model, "Model file or folder; of a vocabulary alone, too")->required();
    command->add_option("--text-file", options->textFile, "Text to turn into tokens")->required();
    command->add_flag("--bos", options->bos, "Begin with the beginning-of-text token");
    addJson(*command, options->common);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext&) { return tokenizeFile(*options); };
    });
}

} // namespace bs::cli
