#include "ui/models/preferences.h"

#include <QList>
#include <QRegularExpression>
#include <QSettings>

#include <algorithm>

namespace bs::ui {

namespace {

const QString kThreads = QStringLiteral("engine/threads");
const QString kContext = QStringLiteral("engine/context");
const QString kDevice = QStringLiteral("engine/device");
const QString kLanguage = QStringLiteral("window/language");

} // namespace

Preferences Preferences::load()
{
    const QSettings kept;
    Preferences result;
    result.threads = std::clamp(kept.value(kThreads, 0).toInt(), 0, 1024);
    result.context =
        std::clamp<qint64>(kept.value(kContext, result.context).toLongLong(), 64, 1 << 20);
    static const QRegularExpression kDevices(QStringLiteral("^(auto|cpu|cuda:[0-9]{1,3})$"));
    const QString device = kept.value(kDevice).toString();
    if (kDevices.match(device).hasMatch()) result.device = device;
    result.language = kept.value(kLanguage).toString();
    return result;
}

void Preferences::save() const
{
    QSettings kept;
    kept.setValue(kThreads, threads);
    kept.setValue(kContext, context);
    kept.setValue(kDevice, device);
    kept.setValue(kLanguage, language);
}

QList<Language> languages()
{
    return {{QStringLiteral("en"), QStringLiteral("English")},
            {QStringLiteral("de"), QStringLiteral("Deutsch")}};
}

} // namespace bs::ui
