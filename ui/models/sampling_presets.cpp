#include "ui/models/sampling_presets.h"

#include "ui/models/translate.h"

#include <QSettings>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

const QString kGroup = QStringLiteral("samplingPresets");

bool near(double a, double b)
{
    return std::abs(a - b) < 0.005;
}

QList<SamplingPreset> givenOnes()
{
    return {{tr("Precise"), false, 0.2, 20, 0.9, 0.1, 1.0},
            {tr("Balanced"), false, 0.7, 40, 0.95, 0.05, 1.0},
            {tr("Creative"), false, 1.1, 0, 0.98, 0.02, 1.1}};
}

} // namespace

bool SamplingPreset::matches(const AnswerSettings& s) const
{
    return near(temperature, s.temperature) && topK == s.topK && near(topP, s.topP) &&
           near(minP, s.minP) && near(repeatPenalty, s.repeatPenalty) &&
           maxTokens.value_or(s.maxTokens) == s.maxTokens && seed.value_or(s.seed) == s.seed;
}

void SamplingPreset::applyTo(AnswerSettings& s) const
{
    s.temperature = temperature;
    s.topK = topK;
    s.topP = topP;
    s.minP = minP;
    s.repeatPenalty = repeatPenalty;
    s.maxTokens = maxTokens.value_or(s.maxTokens);
    s.seed = seed.value_or(s.seed);
}

SamplingPreset SamplingPreset::from(const QString& name, const AnswerSettings& s)
{
    return {name,        true,  s.temperature, s.topK, s.topP, s.minP, s.repeatPenalty,
            s.maxTokens, s.seed};
}

SamplingPresets::SamplingPresets()
    : m_presets(givenOnes())
{
    load();
}

int SamplingPresets::indexOf(const QString& name) const
{
    const auto place = std::find_if(m_presets.begin(), m_presets.end(),
                                    [&](const SamplingPreset& p) { return p.name == name; });
    return place == m_presets.end() ? -1 : static_cast<int>(place - m_presets.begin());
}

int SamplingPresets::matching(const AnswerSettings& settings) const
{
    // Own ones stand at the end, and say more.
    for (qsizetype i = m_presets.size() - 1; i >= 0; --i)
        if (m_presets.at(i).matches(settings)) return static_cast<int>(i);
    return -1;
}

bool SamplingPresets::save(const QString& name, const AnswerSettings& settings)
{
    const QString wanted = name.simplified();
    const int before = indexOf(wanted);
    if (wanted.isEmpty() || (before >= 0 && !m_presets.at(before).own)) return false;
    if (before >= 0)
        m_presets[before] = SamplingPreset::from(wanted, settings);
    else
        m_presets.append(SamplingPreset::from(wanted, settings));
    std::stable_sort(m_presets.begin(), m_presets.end(),
                     [](const SamplingPreset& a, const SamplingPreset& b) {
                         if (a.own != b.own) return !a.own;
                         return a.own && QString::localeAwareCompare(a.name, b.name) < 0;
                     });
    store();
    return true;
}

void SamplingPresets::remove(const QString& name)
{
    const int at = indexOf(name);
    if (at < 0 || !m_presets.at(at).own) return;
    m_presets.removeAt(at);
    store();
}

void SamplingPresets::load()
{
    QSettings kept;
    const int count = kept.beginReadArray(kGroup);
    for (int i = 0; i < count; ++i) {
        kept.setArrayIndex(i);
        SamplingPreset preset;
        preset.own = true;
        preset.name = kept.value(QStringLiteral("name")).toString();
        preset.temperature = kept.value(QStringLiteral("temperature"), 0.7).toDouble();
        preset.topK = kept.value(QStringLiteral("topK"), 40).toInt();
        preset.topP = kept.value(QStringLiteral("topP"), 1.0).toDouble();
        preset.minP = kept.value(QStringLiteral("minP"), 0.0).toDouble();
        preset.repeatPenalty = kept.value(QStringLiteral("repeatPenalty"), 1.0).toDouble();
        const QVariant tokens = kept.value(QStringLiteral("maxTokens"));
        if (tokens.isValid()) preset.maxTokens = tokens.toInt();
        const QVariant seed = kept.value(QStringLiteral("seed"));
        if (seed.isValid()) preset.seed = seed.toLongLong();
        if (!preset.name.isEmpty() && indexOf(preset.name) < 0) m_presets.append(preset);
    }
    kept.endArray();
}

void SamplingPresets::store() const
{
    QSettings kept;
    kept.remove(kGroup);
    kept.beginWriteArray(kGroup);
    int index = 0;
    for (const SamplingPreset& preset : m_presets) {
        if (!preset.own) continue;
        kept.setArrayIndex(index++);
        kept.setValue(QStringLiteral("name"), preset.name);
        kept.setValue(QStringLiteral("temperature"), preset.temperature);
        kept.setValue(QStringLiteral("topK"), preset.topK);
        kept.setValue(QStringLiteral("topP"), preset.topP);
        kept.setValue(QStringLiteral("minP"), preset.minP);
        kept.setValue(QStringLiteral("repeatPenalty"), preset.repeatPenalty);
        if (preset.maxTokens) kept.setValue(QStringLiteral("maxTokens"), *preset.maxTokens);
        if (preset.seed) kept.setValue(QStringLiteral("seed"), *preset.seed);
    }
    kept.endArray();
}

} // namespace bs::ui
