#include "ui/jobs/token_job.h"

namespace bs::ui {

void TokenJob::start(const TokenSettings& settings)
{
    if (isRunning()) return;
    begin(QStringLiteral("token_divergence"), settings.toJson(), [this](const QJsonObject& result) {
        if (const TokenPointer record = TokenRecord::fromJson(result))
            Q_EMIT finished(record);
        else
            Q_EMIT failed(
                {1, tr("what the engine says about the tokens does not fit together"), {}});
    });
}

} // namespace bs::ui
