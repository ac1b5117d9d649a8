#pragma once

#include "ui/jobs/records.h"

#include <QWidget>

class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace bs::ui {

/// How answers are made: length, sampling, seed, system message. Kept in the settings.
class AnswerPanel : public QWidget
{
    Q_OBJECT

public:
    explicit AnswerPanel(QWidget* parent = nullptr);

    AnswerSettings settings() const;

Q_SIGNALS:
    void changed();

private:
    void load();
    void store();
    QDoubleSpinBox* fraction(const QString& name, double low, double high, double step,
                             const QString& tip);

    QSpinBox* m_maxTokens;
    QDoubleSpinBox* m_temperature;
    QSpinBox* m_topK;
    QDoubleSpinBox* m_topP;
    QDoubleSpinBox* m_minP;
    QDoubleSpinBox* m_repeatPenalty;
    QSpinBox* m_seed;
    QLineEdit* m_system;
};

} // namespace bs::ui
