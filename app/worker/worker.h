#pragma once

#include "app/worker/channel.h"
#include "app/worker/message.h"
#include "core/base/progress.h"
#include "core/jobs/session.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace bs::worker {

/// The other end of core/jobs/PROTOCOL.md. One thread reads messages and answers `cancel`, `status`
/// and, while an answer is made, `slide`; another works on everything else, one request after
/// another.
class Worker
{
public:
    /// `threads`: of requests that do not say; 0: all.
    Worker(int input, int output, int threads = 0);

    /// Serves until the end of input, or until nobody listens; a job that runs then is stopped.
    /// Returns the exit code of the process, which should end at once: a job that does not stop in
    /// time is left.
    int serve();

private:
    struct Job
    {
        Request request;
        std::stop_source stop;
    };
    using Handler = Result<Json> (Worker::*)(Params&, const Json& id, const JobContext&);

    static const std::map<std::string, Handler>& handlers();

    // On the reading thread.
    bool take(const std::string& line);
    bool answerAtOnce(const Request& request);
    Json cancel(Params& params);
    bool slideWhileAnswering(const Request& request);
    bool planWhileAnswering(const Request& request);
    bool isAnswering();
    void enqueue(Request request);
    bool stopJobs();

    // On the working thread.
    void workLoop();
    void work(Job& job);
    Result<Json> hello(Params& params, const Json& id, const JobContext& context);
    Result<Json> inspect(Params& params, const Json& id, const JobContext& context);
    Result<Json> open(Params& params, const Json& id, const JobContext& context);
    Result<Json> close(Params& params, const Json& id, const JobContext& context);
    Result<Json> slide(Params& params, const Json& id, const JobContext& context);
    Result<Json> sizes(Params& params, const Json& id, const JobContext& context);
    Result<Json> stack(Params& params, const Json& id, const JobContext& context);
    Result<Json> plan(Params& params, const Json& id, const JobContext& context);
    Result<Json> tensors(Params& params, const Json& id, const JobContext& context);
    Result<Json> tensor(Params& params, const Json& id, const JobContext& context);
    Result<Json> generate(Params& params, const Json& id, const JobContext& context);
    Result<Json> resetContext(Params& params, const Json& id, const JobContext& context);
    Result<Json> renderTemplate(Params& params, const Json& id, const JobContext& context);
    Result<Json> forecast(Params& params, const Json& id, const JobContext& context);
    Result<Json> compress(Params& params, const Json& id, const JobContext& context);
    Result<Json> exportForecast(Params& params, const Json& id, const JobContext& context);
    Result<Json> exportModel(Params& params, const Json& id, const JobContext& context);
    Result<Json> measure(Params& params, const Json& id, const JobContext& context);
    // methods_compare.cpp
    Result<Json> score(Params& params, const Json& id, const JobContext& context);
    Result<Json> weigh(Params& params, const Json& id, const JobContext& context);
    Result<Json> keep(Params& params, const Json& id, const JobContext& context);
    // methods_charts.cpp
    Result<Json> tokenDivergence(Params& params, const Json& id, const JobContext& context);

    std::shared_ptr<Session> session();
    Result<std::shared_ptr<Session>> needSession();
    Json currentState();
    bool send(const Json& message);
    bool reply(const Request& request, const Result<Json>& result, bool badParams);

    int m_threads; ///< of requests that do not say
    LineReader m_reader;
    LineWriter m_writer;

    std::mutex m_mutex; ///< of everything below
    std::condition_variable m_wake;
    std::deque<std::shared_ptr<Job>> m_queue;
    std::shared_ptr<Job> m_running;
    std::shared_ptr<Session> m_session;
    bool m_ending = false;
    bool m_ended = false; ///< the working thread is done
};

// methods_recipe.cpp
/// "budget_bytes" with "rules", or "plan"; without any of them everything. Errors: Usage.
Result<SizeChoice> sizeChoice(Params& params);
/// "budgets", each with "rules"; rules alone are of everything. Errors: Usage.
Result<std::vector<SizeChoice>> sizeChoices(Params& params);
/// What `slide` asks for: one of them. Errors: as chooseSize.
Result<ChosenSize> slideTarget(const ModelSource& source, Params& params);

/// The threads a request names, or without it those of the worker.
int threadsOf(Params& params, int fallback);
/// The same with the device it names, or "auto". Errors: Usage.
Result<EngineOptions> engineOf(Params& params, int threads);

} // namespace bs::worker
