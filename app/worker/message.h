#pragma once

#include "core/jobs/json.h"

#include <optional>
#include <string>
#include <vector>

namespace bs::worker {

// JSON-RPC's own error codes.
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kUnknownMethod = -32601;
inline constexpr int kInvalidParams = -32602;

/// A request as it came; `id` is null for a notification.
struct Request // NOLINT(bugprone-exception-escape): moving the library's ordered JSON may allocate
{
    Json id;
    std::string method;
    nlohmann::json params;
};

/// Why a line is no request.
struct Refusal
{
    int code = kParseError;
    std::string message;
    Json id; ///< if it could be read
};

/// Reads one line (untrusted); either a request or a refusal.
std::optional<Refusal> parseRequest(const std::string& line, Request& request);

Json resultMessage(const Json& id, Json result);
Json errorMessage(const Json& id, int code, const std::string& message);
Json notification(const std::string& method, Json params);

/// The parameters of a request, read one by one. The first that is missing or of another type is
/// kept; getters answer a default from then on.
class Params
{
public:
    explicit Params(const nlohmann::json& params)
        : m_params(params)
    {
    }

    std::string text(const char* name); ///< must be there
    std::string text(const char* name,
                     const std::string& fallback); ///< null or missing: `fallback`
    std::uint64_t size(const char* name);          ///< a whole number, 0 or more
    std::uint64_t size(const char* name, std::uint64_t fallback);
    std::optional<std::uint64_t> optionalSize(const char* name); ///< null or missing: empty
    double number(const char* name, double fallback);
    bool flag(const char* name, bool fallback);
    std::vector<std::uint64_t> sizes(const char* name); ///< missing: none
    std::vector<std::string> texts(const char* name);   ///< missing: none
    bool has(const char* name) const;
    Json id(const char* name); ///< a whole number or a text
    std::vector<ChatMessage> messages(const char* name);

    bool failed() const { return !m_error.empty(); }
    /// Errors: Usage, naming the parameter.
    Result<void> check() const;

private:
    const nlohmann::json* find(const char* name) const;
    void fail(const char* name, const char* wanted);
    const nlohmann::json& m_params;
    std::string m_error;
};

} // namespace bs::worker
