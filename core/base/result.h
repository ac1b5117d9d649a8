#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace bs {

/// What kind of thing went wrong. The command line's exit code and the worker's error code follow
/// from it (exitCodeOf), so the list only grows.
enum class ErrorCode {
    Usage,       ///< the caller asked for something that makes no sense (exit 2)
    Exists,      ///< the output is already there and may not be overwritten (exit 2)
    NotFound,    ///< an input file is missing or cannot be opened (exit 3)
    Format,      ///< an input file breaks its format's rules (exit 3)
    Unsupported, ///< an input file is well-formed, but of a kind this version does not know (exit 3)
    Shape,       ///< tensors whose shapes do not fit each other (exit 3)
    Numeric,     ///< NaN or infinity where a number is needed (exit 3)
    Budget,      ///< the size asked for is below the smallest plan (exit 4)
    Memory,      ///< not enough memory (exit 4)
    Io,          ///< reading or writing failed (exit 5)
    Canceled,    ///< stopped by the user (exit 130)
    Internal,    ///< a bug (exit 1)
};

/// The command line's exit code for an error (design: "The command line").
constexpr int exitCodeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Usage:
    case ErrorCode::Exists:
        return 2;
    case ErrorCode::NotFound:
    case ErrorCode::Format:
    case ErrorCode::Unsupported:
    case ErrorCode::Shape:
    case ErrorCode::Numeric:
        return 3;
    case ErrorCode::Budget:
    case ErrorCode::Memory:
        return 4;
    case ErrorCode::Io:
        return 5;
    case ErrorCode::Canceled:
        return 130;
    case ErrorCode::Internal:
        break;
    }
    return 1;
}

/// An error as a value: a code for programs, one sentence for people (file, field, both numbers,
/// likely cause).
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string message;

    /// The same error with the place it happened in written before it: `std::move(error).in(path)`.
    Error in(const std::string& place) && { return Error{code, place + ": " + message}; }
};

/// Either a T or an Error. Named after std::expected, so that it can be replaced by it one day.
template <class T>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {} // NOLINT(google-explicit-constructor): `return value;` is the point
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {} // NOLINT(google-explicit-constructor): `return Error{...};` is the point

    explicit operator bool() const { return m_state.index() == 0; }
    T& value() & { return std::get<0>(m_state); }
    const T& value() const& { return std::get<0>(m_state); }
    T&& value() && { return std::get<0>(std::move(m_state)); }
    const Error& error() const& { return std::get<1>(m_state); }
    Error&& error() && { return std::get<1>(std::move(m_state)); }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)), m_failed(true) {} // NOLINT(google-explicit-constructor): `return Error{...};` is the point

    explicit operator bool() const { return !m_failed; }
    const Error& error() const& { return m_error; }
    Error&& error() && { return std::move(m_error); }

private:
    Error m_error;
    bool m_failed = false;
};

} // namespace bs

#define BS_CONCAT_INNER(a, b) a##b
#define BS_CONCAT(a, b) BS_CONCAT_INNER(a, b)

// A counter, not the line: a lambda inside the expression may use the macros again.
#define BS_TRY_NAMED(result, declaration, ...)                                                     \
    auto result = (__VA_ARGS__);                                                                   \
    if (!result)                                                                                   \
        return std::move(result).error();                                                          \
    declaration = std::move(result).value()
#define BS_CHECK_NAMED(result, ...)                                                                \
    do {                                                                                           \
        auto result = (__VA_ARGS__);                                                               \
        if (!result)                                                                               \
            return std::move(result).error();                                                      \
    } while (false)

/// Declares a variable from a Result, or returns its error:
///     BS_TRY(const Header header, parseHeader(bytes));
#define BS_TRY(declaration, ...)                                                                   \
    BS_TRY_NAMED(BS_CONCAT(bsTry, __COUNTER__), declaration, __VA_ARGS__)

/// The same for a Result<void>: BS_CHECK(writeHeader(file));
#define BS_CHECK(...) BS_CHECK_NAMED(BS_CONCAT(bsCheck, __COUNTER__), __VA_ARGS__)

/// A broken precondition; unreachable from any input. Kept in builds with BS_ASSERTS.
#ifdef BS_ASSERTS
#define BS_ASSERT(condition) ((condition) ? static_cast<void>(0) : std::abort())
#else
#define BS_ASSERT(condition) static_cast<void>(0)
#endif
