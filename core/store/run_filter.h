#pragma once

#include "core/base/result.h"
#include "core/store/run_columns.h"

#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// Which points of the run table a line of text asks for. All terms, separated by spaces, must
/// hold:
///
///     demo             any column of texts holds the word
///     "two words"      the same with a space; quotes also stand behind a sign
///     codec:nested     that column holds the text
///     state=done       that column is the text
///     ppl<20  size<=100MB  started>=2026-11-20    smaller, greater; `=`, `!=` to the digits
///     written -machine:old     the term behind the minus must not hold
///
/// Upper and lower case are one. What was not measured is neither smaller nor greater nor equal.
class RunFilter
{
public:
    /// An empty line asks for everything. Errors: Usage (the term, and what would be right).
    static Result<RunFilter> parse(std::string_view line);

    bool matches(const RunPoint& point) const;

    enum class Sign { Word, Holds, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };
    struct Term
    {
        bool negated = false;
        Sign sign = Sign::Word;
        RunColumn column = RunColumn::Id; ///< of all but Word
        std::string text;                 ///< folded
        double number = 0;
        double tolerance = 0; ///< numbers this near are equal
    };

private:
    std::vector<Term> m_terms;
};

} // namespace bs
