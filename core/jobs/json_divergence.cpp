#include "core/jobs/json.h"

namespace bs {

namespace {

Json choicesJson(const std::vector<TokenDivergence::Choice>& choices)
{
    Json list = Json::array();
    for (const TokenDivergence::Choice& choice : choices)
        list.push_back(Json{{"text", choice.text}, {"probability", choice.probability}});
    return list;
}

Json positionJson(const TokenDivergence::Position& p)
{
    return Json{{"index", p.index},
                {"text", p.text},
                {"kld", p.divergence},
                {"nll", p.nll},
                {"reference_top", p.reference.text},
                {"reference_probability", p.reference.probability},
                {"top", p.model.text},
                {"probability", p.model.probability}};
}

} // namespace

Json tokenDivergenceJson(const TokenDivergence& result)
{
    Json positions = Json::array();
    for (const TokenDivergence::Position& p : result.positions)
        positions.push_back(positionJson(p));
    Json worst = Json::array();
    for (const TokenDivergence::Worst& w : result.worst)
        worst.push_back(Json{{"position", w.position},
                             {"before", w.before},
                             {"after", w.after},
                             {"reference", choicesJson(w.reference)},
                             {"model", choicesJson(w.model)}});
    return Json{{"file_bytes", result.size.fileBytes},
                {"reference", result.reference},
                {"dense", result.dense},
                {"note", textOrNull(result.note)},
                {"kept", result.kept},
                {"tokens", result.tokens},
                {"kld_mean", result.mean},
                {"kld_median", result.median},
                {"same_top", result.sameTop},
                {"positions", std::move(positions)},
                {"worst", std::move(worst)}};
}

} // namespace bs
