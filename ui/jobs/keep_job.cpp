#include "ui/jobs/keep_job.h"

namespace bs::ui {

void KeepJob::start(const KeepSettings& settings)
{
    if (isRunning()) return;
    m_settings = settings;
    begin(
        QStringLiteral("keep"),
        {{"path", settings.path},
         {"prompt_ids", numbersJson(settings.promptIds)},
         {"ids", numbersJson(settings.ids)},
         {"tokens", settings.tokens},
         {"budget_bytes", settings.budgetBytes ? QJsonValue(*settings.budgetBytes) : QJsonValue()}},
        [this](const QJsonObject& result) { Q_EMIT found(KeepFound::fromJson(result)); });
}

} // namespace bs::ui
