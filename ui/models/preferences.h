#pragma once

#include <QString>

namespace bs::ui {

/// What a person set once for all models.
struct Preferences
{
    int threads = 0;       ///< 0: one per core
    qint64 context = 2048; ///< tokens, of models opened from now on
    QString language;      ///< "en", "de"; empty: the system's
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
