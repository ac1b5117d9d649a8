#pragma once

#include "ui/jobs/records.h"
#include "ui/models/sampling_presets.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPlainTextEdit;
class QSpinBox;
class QToolButton;

namespace bs::ui {

/// How answers are made: system prompt, template, sampling (named presets), length, seed. Kept in
/// the settings, but for the template, which is a conversation's.
class AnswerPanel : public QWidget
{
    Q_OBJECT

public:
    explicit AnswerPanel(QWidget* parent = nullptr);

    AnswerSettings settings() const;
    /// Shows those of a conversation; changed() follows if they are others.
    void setPrompt(const QString& system, const std::optional<QString>& chatTemplate);
    /// Saves the sampling under a name; false if that is a given preset's.
    bool savePreset(const QString& name);

Q_SIGNALS:
    void changed();
    /// The template is to be shown and edited.
    void templateRequested();

private:
    void buildForm();
    void connectFields();
    void load();
    void store();
    void showSampling(const AnswerSettings& settings);
    void choosePreset(int index);
    void askPresetName();
    void removePreset();
    void fillPresets();
    void showPreset();
    void showTemplate();
    QDoubleSpinBox* fraction(const QString& name, double low, double high, double step,
                             const QString& tip);

    QSpinBox* m_maxTokens;
    QDoubleSpinBox* m_temperature;
    QSpinBox* m_topK;
    QDoubleSpinBox* m_topP;
    QDoubleSpinBox* m_minP;
    QDoubleSpinBox* m_repeatPenalty;
    QSpinBox* m_seed;
    QPlainTextEdit* m_system;
    QComboBox* m_preset;
    QToolButton* m_savePreset;
    QToolButton* m_removePreset;
    QLabel* m_templateText;
    QToolButton* m_template;
    SamplingPresets m_presets;
    std::optional<QString> m_chatTemplate;
    bool m_filling = false; ///< the fields follow, they do not lead
};

} // namespace bs::ui
