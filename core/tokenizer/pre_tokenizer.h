#pragma once

#include "core/base/result.h"
#include "core/tokenizer/pattern.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace bs {

struct SplitStep;

/// Cuts text into the pieces that merges never cross. Immutable and thread-safe.
class PreTokenizer
{
public:
    /// By the name of a family, of those of `names()`. Errors: Unsupported (names `name`).
    static Result<PreTokenizer> create(std::string_view name);
    /// Step by step, the later ones cutting the pieces of the earlier; without steps a text is one
    /// piece. Errors: Unsupported (pattern or behaviour named).
    static Result<PreTokenizer> create(std::span<const SplitStep> steps);
    /// The steps of a family. Errors: Unsupported (names `name`).
    static Result<std::vector<SplitStep>> stepsOf(std::string_view name);
    /// The same as the family's tokenizer.json states them, without possessive runs.
    static Result<std::vector<SplitStep>> statedStepsOf(std::string_view name);
    /// "gpt2, smollm, ...", for messages.
    static std::string names();

    struct Piece
    {
        std::size_t begin;
        std::size_t end;
    };
    /// The pieces in order, none empty; what no piece covers is left out of the text. Invalid UTF-8
    /// counts as symbols, byte by byte. Time grows with the text's length.
    std::vector<Piece> pieces(std::string_view text) const;

private:
    enum class Behavior { Isolated, Removed, Contiguous, MergedWithPrevious, MergedWithNext };
    struct Stage
    {
        Pattern pattern;
        Behavior behavior;
        bool invert;
    };
    static Result<Behavior> behaviorOf(std::string_view name);
    static void cut(const Stage& stage, std::string_view text, Pattern::Search& search, Piece piece,
                    std::vector<Piece>& into);
    std::vector<Stage> m_stages;
};

} // namespace bs
