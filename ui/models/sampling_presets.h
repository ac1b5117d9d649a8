#pragma once

#include "ui/jobs/records.h"

#include <QList>
#include <QString>

#include <optional>

namespace bs::ui {

/// Settings of the sampler under a name. System prompt and template are no part of it; length and
/// seed are of own ones only: the given ones leave them as they are.
struct SamplingPreset
{
    QString name;
    bool own = false; ///< a person made it, and may take it away
    double temperature = 0;
    int topK = 0;
    double topP = 1;
    double minP = 0;
    double repeatPenalty = 1;
    std::optional<int> maxTokens = std::nullopt;
    std::optional<qint64> seed = std::nullopt;

    /// Whether answers would be made the same way, to the two decimals that are shown.
    bool matches(const AnswerSettings& settings) const;
    void applyTo(AnswerSettings& settings) const;
    static SamplingPreset from(const QString& name, const AnswerSettings& settings);
};

/// Precise, Balanced and Creative, then those a person saved, by name. Kept in the settings.
class SamplingPresets
{
public:
    SamplingPresets();

    const QList<SamplingPreset>& all() const { return m_presets; }
    /// -1 if there is none with this name.
    int indexOf(const QString& name) const;
    /// The one these settings are, an own one before a given one; -1: none.
    int matching(const AnswerSettings& settings) const;
    /// Saves an own one, in place of one with this name; false if the name is empty or a given one.
    bool save(const QString& name, const AnswerSettings& settings);
    void remove(const QString& name);

private:
    void load();
    void store() const;

    QList<SamplingPreset> m_presets;
};

} // namespace bs::ui
