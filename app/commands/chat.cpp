#include "app/cli/answering.h"
#include "app/cli/interrupts.h"
#include "core/base/sizes.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <utility>

namespace bs::cli {

namespace {

/// A conversation in the terminal: words on standard error, answers on standard output (with --json
/// one object for each answer).
class Chat
{
public:
    Chat(Session& session, const AnsweringOptions& options)
        : m_session(session)
        , m_options(options)
    {
        if (!options.system.empty()) m_messages.push_back({"system", options.system});
    }

    Result<void> run();

private:
    bool readLine(std::string& line);
    Result<void> take(const std::string& line);
    Result<void> slide(const std::string& size);
    Result<void> answer();
    void say(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

    Session& m_session;
    const AnsweringOptions& m_options;
    std::vector<ChatMessage> m_messages;
    bool m_quit = false;
    bool m_noticed = false; ///< the notice holds for the whole conversation: told once
};

bool Chat::readLine(std::string& line)
{
    if (::isatty(STDIN_FILENO) != 0) std::fputs("> ", stderr);
    // While a line is awaited Ctrl-C ends the program; nothing is running that would have to end
    // first.
    interrupts().whenIdle([] {
        std::fputs("\n", stderr);
        ::_exit(exitCodeOf(ErrorCode::Canceled));
    });
    const bool got = static_cast<bool>(std::getline(std::cin, line));
    interrupts().whenIdle({});
    return got;
}

Result<void> Chat::slide(const std::string& size)
{
    BS_TRY(const SizeChoice choice, parseBudget(size));
    BS_TRY(const ChosenSize chosen, chooseSize(m_session.source(), choice));
    m_session.requestSlide(chosen);
    BS_TRY([[maybe_unused]] const bool slid, m_session.applySlide({}));
    say("now at " + formatSize(chosen.fileBytes) + ", resident weights " +
        formatSize(m_session.state().weightBytes));
    return {};
}

Result<void> Chat::answer()
{
    interrupts().renew();
    const JobContext context{interrupts().token(), {}};
    const bool json = m_options.common.json;
    const auto onPiece = [json](const AnswerPiece& piece) {
        if (!json) {
            std::fwrite(piece.text.data(), 1, piece.text.size(), stdout);
            std::fflush(stdout);
        }
    };
    BS_TRY(const Answer answer, m_session.answer(m_messages, m_options.answer, onPiece, context));
    m_messages.push_back({"assistant", answer.text});
    if (json)
        print(answerJson(answer));
    else
        std::fputs("\n", stdout);
    std::fflush(stdout);
    say("(" + std::to_string(answer.ids.size()) + " tokens, " +
        numberText(answer.tokensPerSecond, 1) + " tokens/s, context " +
        std::to_string(answer.contextUsed) + " of " + std::to_string(m_session.state().context) +
        ", " + nameOf(answer.reason) + ")");
    if (!answer.notice.empty() && !std::exchange(m_noticed, true)) say("(" + answer.notice + ")");
    if (answer.droppedMessages > 0)
        say("(the context is full: the " + std::to_string(answer.droppedMessages) +
            " oldest messages were left out)");
    if (answer.mixed)
        say("(the size changed during this conversation; /regenerate computes everything at this "
            "one)");
    return {};
}

Result<void> Chat::take(const std::string& line)
{
    if (line.empty()) return {};
    if (line == "/quit") {
        m_quit = true;
        return {};
    }
    if (line.rfind("/size", 0) == 0 && (line.size() == 5 || line[5] == ' '))
        return slide(line.substr(std::min<std::size_t>(6, line.size())));
    if (line == "/regenerate") {
        if (m_messages.empty() || m_messages.back().role != "assistant")
            return Error{ErrorCode::Usage, "there is no answer yet that could be made again"};
        m_messages.pop_back();
        m_session.resetContext();
        return answer();
    }
    if (line.front() == '/')
        return Error{ErrorCode::Usage,
                     "'" + line + "' is none of /size SIZE, /regenerate and /quit"};
    m_messages.push_back({"user", line});
    const Result<void> answered = answer();
    if (!answered) m_messages.pop_back();
    return answered;
}

Result<void> Chat::run()
{
    std::string line;
    while (!m_quit && readLine(line)) {
        const Result<void> taken = take(line);
        // What a person can put right is told and the conversation goes on.
        const bool goesOn = taken || taken.error().code == ErrorCode::Usage ||
                            taken.error().code == ErrorCode::Budget ||
                            taken.error().code == ErrorCode::Memory;
        if (!goesOn) return taken;
        if (!taken) say(taken.error().message);
    }
    return {};
}

Result<void> chat(const AnsweringOptions& options, const JobContext& context)
{
    ProgressLine line;
    BS_TRY(const auto session, openSession(options, withProgress(context, line)));
    BS_TRY([[maybe_unused]] const auto tokenizer, tokenizerOf(session->source()));
    line.clear();
    return Chat(*session, options).run();
}

} // namespace

void addChat(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<AnsweringOptions>();
    CLI::App* const command =
        app.add_subcommand("chat", "Talk with a model; /size SIZE, /regenerate, /quit");
    addAnswering(*command, *options);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext& context) { return chat(*options, context); };
    });
}

} // namespace bs::cli
