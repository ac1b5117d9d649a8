#include "ui/models/preferences.h"

#include <QList>
#include <QSettings>

#include <algorithm>

namespace bs::ui {

namespace {

const QString kThreads = QStringLiteral("engine/threads");
const QString kContext = QStringLiteral("engine/context");
const QString kLanguage = QStringLiteral("window/language");

} // namespace

Preferences Preferences::load()
{
    const QSettings kept;
    Preferences result;
    result.threads = std::clamp(kept.value(kThreads, 0).toInt(), 0, 1024);
    result.context =
        std::clamp<qint64>(kept.value(kContext, result.context).toLongLong(), 64, 1 << 20);
    result.language = kept.value(kLanguage).toString();
    return result;
}

void Preferences::save() const
{
    QSettings kept;
    kept.setValue(kThreads, threads);
    kept.setValue(kContext, context);
    kept.setValue(kLanguage, language);
}

QList<Language> languages()
{
    return {{QStringLiteral("en"), QStringLiteral("English")},
            {QStringLiteral("de"), QStringLiteral("Deutsch")}};
}

} // namespace bs::ui
