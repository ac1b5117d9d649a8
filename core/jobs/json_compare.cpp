#include "core/jobs/json.h"

#include <filesystem>

namespace bs {

namespace {

Json chanceJson(const TokenChance& chance)
{
    return Json{
        {"id", chance.id}, {"text", chance.text}, {"log_probability", chance.logProbability}};
}

/// Where the model is that a stack was made from, if a file is still there.
Json sourcePathJson(const ModelSource& source)
{
    const std::string path = provenanceOf(source, "source_path");
    std::error_code failed;
    const bool there = !path.empty() && std::filesystem::exists(path, failed);
    return there ? Json(path) : Json(nullptr);
}

Json probeJson(const KeepProbe& probe)
{
    return Json{{"file_bytes", probe.fileBytes}, {"kept", probe.kept}};
}

} // namespace

Json weighedJson(const ModelSource& source, const ModelCard& card, const ChosenSize& size)
{
    Json json{{"card", cardJson(card)},
              {"file_bytes", size.fileBytes},
              {"weight_bytes", size.weightBytes},
              {"depth_min", nullptr},
              {"depth_max", nullptr},
              {"source_path", sourcePathJson(source)}};
    if (!size.isStack) return json;
    const auto [least, most] = depthRange(source.container->stack, size.plan);
    json["depth_min"] = least;
    json["depth_max"] = most;
    return json;
}

Json scoresJson(const std::vector<TokenScore>& scores)
{
    Json list = Json::array();
    for (const TokenScore& score : scores) {
        Json token = chanceJson(score.token);
        token["top"] = Json::array();
        for (const TokenChance& chance : score.top)
            token["top"].push_back(chanceJson(chance));
        list.push_back(std::move(token));
    }
    return list;
}

Json keepJson(const KeepResult& result)
{
    Json probes = Json::array();
    for (const KeepProbe& probe : result.probes)
        probes.push_back(probeJson(probe));
    const bool found = result.size.has_value();
    return Json{{"tokens", result.tokens},
                {"file_bytes", found ? Json(result.size->fileBytes) : Json(nullptr)},
                {"weight_bytes", found ? Json(result.size->weightBytes) : Json(nullptr)},
                {"written", found ? Json(result.written) : Json(nullptr)},
                {"below", result.below ? probeJson(*result.below) : Json(nullptr)},
                {"probes", std::move(probes)}};
}

} // namespace bs
