#include "ui/window/translation.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace bs::ui {

void installLanguage(const QString& code)
{
    static QList<QTranslator*> installed;
    qDeleteAll(installed); // takes them out, too
    installed.clear();
    const QLocale locale = code.isEmpty() ? QLocale::system() : QLocale(code);
    QLocale::setDefault(locale);
    QCoreApplication* const app = QCoreApplication::instance();
    const auto install = [&](const QString& name, const QString& folder) {
        auto* const translator = new QTranslator(app);
        installed.append(translator);
        if (translator->load(locale, name, QStringLiteral("_"), folder))
            QCoreApplication::installTranslator(translator);
    };
    install(QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(QStringLiteral("bitstack"), QStringLiteral(":/i18n"));
}

} // namespace bs::ui
