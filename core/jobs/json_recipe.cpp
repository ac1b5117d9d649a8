#include "core/jobs/json.h"

namespace bs {

Json recipeJson(const RecipeReport& report)
{
    Json json = planJson(report.plan);
    json["rules"] = Json::array();
    for (const RecipeRule& rule : report.recipe)
        json["rules"].push_back(textOf(rule));
    json["predicted_rise"] = orNull(report.rise);
    json["unedited"] = report.uneditedBytes ? Json{{"file_bytes", *report.uneditedBytes},
                                                   {"predicted_rise", orNull(report.uneditedRise)}}
                                            : Json(nullptr);
    json["predicted_change"] = orNull(report.change);
    return json;
}

} // namespace bs
