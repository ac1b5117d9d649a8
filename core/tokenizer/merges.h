#pragma once

#include "core/tokenizer/tokenizer.h"

namespace bs {

// SentencePiece's BPE joins the neighbours whose token has the highest score, Hugging Face's those
// that come first in a list of merges. Here one is said in the other's words, for every text or not
// at all (texts that hold tokens of one and the same score are tried out, up to four parts).

/// The merges by rank, "left right", for an "spm" spec: every way to part a token into two tokens,
/// of the token of the highest score first. Errors: Unsupported (a token that is joined otherwise,
/// that is not used, that has a space, or whose score others have, too: named).
Result<std::vector<std::string>> mergesOfScores(const TokenizerSpec& spec);

/// The scores by id for a "bpe_chars" spec: of a token that merges make minus the rank of the last
/// of them. Errors: Unsupported (a token that is joined otherwise: named), Format (a merge of no
/// token).
Result<std::vector<double>> scoresOfMerges(const TokenizerSpec& spec);

} // namespace bs
