#include "ui/jobs/recipe_record.h"

#include "ui/jobs/json_fields.h"
#include "ui/models/words.h"

#include <QLocale>

#include <cmath>

namespace bs::ui {

namespace {

/// Below this the gains say nothing.
constexpr double kNoticeable = 5e-4;

} // namespace

RecipePlan RecipePlan::fromJson(const QJsonObject& json)
{
    RecipePlan plan;
    plan.file = json;
    plan.rules = json::strings(json, "rules");
    plan.depths = json::numbers(json, "plan");
    plan.file.remove(QLatin1String("plan"));
    plan.budgetBytes = json.value(QLatin1String("budget_bytes")).toInteger();
    plan.fileBytes = json.value(QLatin1String("file_bytes")).toInteger();
    const QJsonValue unedited = json.value(QLatin1String("unedited"));
    if (unedited.isObject())
        plan.uneditedBytes = unedited.toObject().value(QLatin1String("file_bytes")).toInteger();
    const QJsonValue change = json.value(QLatin1String("predicted_change"));
    if (change.isDouble()) plan.change = change.toDouble();
    return plan;
}

QString RecipePlan::summary() const
{
    const QString size = sizeText(fileBytes);
    if (!uneditedBytes) return tr("%1, smaller than the loading order can be.").arg(size);
    if (!change)
        return tr("%1. The file stores no gains, so nothing is predicted: measure it.").arg(size);
    if (std::abs(*change) < kNoticeable)
        return tr("%1. Predicted as good as the loading order at as many bytes.").arg(size);
    const QString percent = QLocale().toString(100 * std::abs(*change), 'g', 2);
    return *change > 0
               ? tr("%1. Perplexity predicted %2 % higher than the loading order's at as many "
                    "bytes.")
                     .arg(size, percent)
               : tr("%1. Perplexity predicted %2 % lower than the loading order's at as many "
                    "bytes.")
                     .arg(size, percent);
}

} // namespace bs::ui
