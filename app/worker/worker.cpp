#include "app/worker/worker.h"

#include "core/base/log.h"
#include "core/jobs/boundary.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace bs::worker {

namespace {

constexpr std::chrono::milliseconds kProgressInterval{100};
/// Jobs look at their stop token every 0.2 s of work.
constexpr std::chrono::seconds kLongestGoodbye{3};

/// Progress of one request as notifications, at most ten a second.
std::function<void(const Progress&)> progressOf(const Json& id,
                                                std::function<bool(const Json&)> send)
{
    using Clock = std::chrono::steady_clock;
    return [id, send = std::move(send), last = Clock::time_point()](const Progress& p) mutable {
        const Clock::time_point now = Clock::now();
        if (last != Clock::time_point() && now - last < kProgressInterval) return;
        last = now;
        send(notification("progress", Json{{"id", id},
                                           {"phase", p.phase},
                                           {"done", p.done},
                                           {"total", p.total},
                                           {"seconds_left", p.secondsLeft},
                                           {"detail", p.detail}}));
    };
}

} // namespace

Worker::Worker(int input, int output, int threads)
    : m_threads(threads)
    , m_reader(input)
    , m_writer(output)
{
}

bool Worker::send(const Json& message)
{
    return m_writer.write(dumped(message));
}

bool Worker::reply(const Request& request, const Result<Json>& result, bool badParams)
{
    if (request.id.is_null()) return true; // a notification: nobody waits for an answer
    const auto refuse = [&](int code, const std::string& message) {
        return send(errorMessage(request.id, code, message));
    };
    if (!result)
        return refuse(badParams ? kInvalidParams : exitCodeOf(result.error().code),
                      result.error().message);
    // A header of some hundred thousand blocks says more than a line may hold; the other side would
    // hang up.
    const std::string line = dumped(resultMessage(request.id, result.value()));
    if (line.size() > kMostLineBytes)
        return refuse(exitCodeOf(ErrorCode::Unsupported),
                      "the answer to '" + request.method + "' takes " +
                          std::to_string(line.size()) + " bytes, a message may have " +
                          std::to_string(kMostLineBytes));
    return m_writer.write(line);
}

int Worker::serve()
{
    std::thread working([this] { workLoop(); });
    int code = 0;
    while (true) {
        Result<std::optional<std::string>> line = m_reader.next();
        if (!line) {
            send(errorMessage(nullptr, kInvalidRequest, line.error().message));
            code = exitCodeOf(line.error().code);
            break;
        }
        if (!line.value() || !take(*line.value())) break;
    }
    if (stopJobs())
        working.join();
    else
        working.detach();
    return code;
}

bool Worker::take(const std::string& line)
{
    if (line.find_first_not_of(" \t\r") == std::string::npos) return true;
    Request request;
    if (const std::optional<Refusal> refusal = parseRequest(line, request))
        return send(errorMessage(refusal->id, refusal->code, refusal->message));
    if (answerAtOnce(request)) return true;
    if (handlers().find(request.method) == handlers().end())
        return request.id.is_null() ||
               send(errorMessage(request.id, kUnknownMethod,
                                 "there is no method '" + request.method + "'"));
    enqueue(std::move(request));
    return true;
}

bool Worker::answerAtOnce(const Request& request)
{
    if (request.method == "slide") return slideWhileAnswering(request);
    if (request.method == "plan") return planWhileAnswering(request);
    if (request.method == "status") {
        reply(request, Json{{"state", currentState()}}, false);
        return true;
    }
    if (request.method == "cancel") {
        Params params(request.params);
        Json result = cancel(params);
        const Result<void> checked = params.check();
        reply(request, checked ? Result<Json>(std::move(result)) : Result<Json>(checked.error()),
              true);
        return true;
    }
    return false;
}

Json Worker::cancel(Params& params)
{
    const Json id = params.id("id");
    std::shared_ptr<Job> dropped;
    bool found = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_running && m_running->request.id == id) {
            m_running->stop.request_stop();
            found = true;
        }
        const auto waiting = std::find_if(m_queue.begin(), m_queue.end(),
                                          [&](const auto& job) { return job->request.id == id; });
        if (!found && waiting != m_queue.end()) {
            dropped = *waiting;
            m_queue.erase(waiting);
            found = true;
        }
    }
    if (dropped) reply(dropped->request, Error{ErrorCode::Canceled, "stopped by the user"}, false);
    return Json{{"canceled", found}};
}

bool Worker::slideWhileAnswering(const Request& request)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!isAnswering()) return false; // work() does it all
    }
    const std::shared_ptr<Session> open = session();
    Params params(request.params);
    const Result<ChosenSize> target =
        open ? slideTarget(open->source(), params)
             : Result<ChosenSize>(Error{ErrorCode::Usage, "no model is open"});
    {
        // Under the lock: an answer that ends now still sees the request, see work().
        const std::lock_guard lock(m_mutex);
        if (!isAnswering()) return false;
        if (target) open->requestSlide(target.value());
    }
    reply(request,
          target ? Result<Json>(Json{{"state", currentState()}}) : Result<Json>(target.error()),
          params.failed());
    return true;
}

/// What comes of an edit is to be seen at once; it is computed from the header alone.
bool Worker::planWhileAnswering(const Request& request)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!isAnswering()) return false;
    }
    Params params(request.params);
    if (params.has("path")) return false;
    const Result<Json> result = atJobBoundary([&] { return plan(params, request.id, {}); });
    reply(request, result, params.failed());
    return true;
}

/// Under the lock.
bool Worker::isAnswering()
{
    return m_running && m_running->request.method == "generate";
}

void Worker::enqueue(Request request)
{
    auto job = std::make_shared<Job>();
    job->request = std::move(request);
    const std::lock_guard lock(m_mutex);
    m_queue.push_back(std::move(job));
    m_wake.notify_all();
}

bool Worker::stopJobs()
{
    std::unique_lock lock(m_mutex);
    m_ending = true;
    m_queue.clear();
    if (m_running) m_running->stop.request_stop();
    m_wake.notify_all();
    return m_wake.wait_for(lock, kLongestGoodbye, [this] { return m_ended; });
}

void Worker::workLoop()
{
    while (true) {
        std::shared_ptr<Job> job;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_ending || !m_queue.empty(); });
            if (m_ending) break;
            job = m_queue.front();
            m_queue.pop_front();
            m_running = job;
        }
        work(*job);
    }
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    m_wake.notify_all();
}

void Worker::work(Job& job)
{
    const Request& request = job.request;
    Params params(request.params);
    const JobContext context{
        job.stop.get_token(),
        progressOf(request.id, [this](const Json& message) { return send(message); })};
    const Handler handler = handlers().at(request.method);
    const Result<Json> result =
        atJobBoundary([&] { return (this->*handler)(params, request.id, context); });
    {
        const std::lock_guard lock(m_mutex);
        m_running.reset();
    }
    // A slide that came too late for a token of this answer.
    if (const std::shared_ptr<Session> open = session(); open && request.method == "generate") {
        const Result<bool> slid = atJobBoundary([&] { return open->applySlide({}); });
        if (!slid) logWarning(slid.error().message);
        if (!slid || slid.value()) send(notification("state", Json{{"state", currentState()}}));
    }
    reply(request, result, params.failed());
}

std::shared_ptr<Session> Worker::session()
{
    const std::lock_guard lock(m_mutex);
    return m_session;
}

Result<std::shared_ptr<Session>> Worker::needSession()
{
    std::shared_ptr<Session> open = session();
    if (!open) return Error{ErrorCode::Usage, "no model is open"};
    return open;
}

Json Worker::currentState()
{
    const std::shared_ptr<Session> open = session();
    if (!open) return stateJson(nullptr);
    const SessionState state = open->state();
    return stateJson(&state);
}

} // namespace bs::worker
