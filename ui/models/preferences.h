#pragma once

#include <QString>

namespace bs::ui {

/// What a person set once for all models.
struct Preferences
{
    int threads = 0;       ///< 0: one per core
    qint64 context = 2048; ///< tokens, of models opened from now on
    /// What models run on: "auto", "cpu", "cuda:0" (core/jobs/PROTOCOL.md, "device"). A card stays
    /// chosen while it is missing.
    QString device = QStringLiteral("auto");
    QString language; ///< "en", "de"; empty: the system's
    bool operator==(const Preferences&) const = default;

    static Preferences load();
    void save() const;
};

/// The languages there are: code and own name.
struct Language
{
    QString code;
    QString name;
};
QList<Language> languages();

} // namespace bs::ui
