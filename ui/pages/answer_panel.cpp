#include "ui/pages/answer_panel.h"

#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSettings>
#include <QSpinBox>

#include <limits>

namespace bs::ui {

AnswerPanel::AnswerPanel(QWidget* parent)
    : QWidget(parent)
    , m_maxTokens(new QSpinBox(this))
    , m_temperature(fraction(QStringLiteral("temperature"), 0, 5, 0.1,
                             tr("0: always the most probable token")))
    , m_topK(new QSpinBox(this))
    , m_topP(fraction(QStringLiteral("topP"), 0, 1, 0.05,
                      tr("Only tokens that make up this share; 1: off")))
    , m_minP(fraction(QStringLiteral("minP"), 0, 1, 0.01,
                      tr("Only tokens at least this probable against the best one; 0: off")))
    , m_repeatPenalty(fraction(QStringLiteral("repeatPenalty"), 0.5, 2, 0.05,
                               tr("Above 1: tokens that were there already become less probable")))
    , m_seed(new QSpinBox(this))
    , m_system(new QLineEdit(this))
{
    m_maxTokens->setObjectName(QStringLiteral("maxTokens"));
    m_maxTokens->setRange(1, 100000);
    m_maxTokens->setSingleStep(64);
    m_maxTokens->setToolTip(tr("An answer ends here at the latest"));
    m_topK->setObjectName(QStringLiteral("topK"));
    m_topK->setRange(0, 100000);
    m_topK->setToolTip(tr("Only the so many most probable tokens; 0: off"));
    m_seed->setObjectName(QStringLiteral("seed"));
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setToolTip(tr("The same seed gives the same answer"));
    m_system->setObjectName(QStringLiteral("system"));
    m_system->setPlaceholderText(tr("none"));
    m_system->setToolTip(tr("What the model is told before the conversation"));

    auto* const form = new QFormLayout(this);
    form->setContentsMargins(11, 6, 8, 8);
    form->setVerticalSpacing(5);
    form->setHorizontalSpacing(12);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("Temperature"), m_temperature);
    form->addRow(tr("Most tokens"), m_maxTokens);
    form->addRow(tr("Top k"), m_topK);
    form->addRow(tr("Top p"), m_topP);
    form->addRow(tr("Min p"), m_minP);
    form->addRow(tr("Repeat penalty"), m_repeatPenalty);
    form->addRow(tr("Seed"), m_seed);
    form->addRow(tr("System"), m_system);
    load();
    for (QAbstractSpinBox* const spin : findChildren<QAbstractSpinBox*>())
        spin->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    for (QSpinBox* const spin : {m_maxTokens, m_topK, m_seed})
        connect(spin, &QSpinBox::valueChanged, this, &AnswerPanel::store);
    for (QDoubleSpinBox* const spin : {m_temperature, m_topP, m_minP, m_repeatPenalty})
        connect(spin, &QDoubleSpinBox::valueChanged, this, &AnswerPanel::store);
    connect(m_system, &QLineEdit::textChanged, this, &AnswerPanel::store);
}

QDoubleSpinBox* AnswerPanel::fraction(const QString& name, double low, double high, double step,
                                      const QString& tip)
{
    auto* const spin = new QDoubleSpinBox(this);
    spin->setObjectName(name);
    spin->setRange(low, high);
    spin->setSingleStep(step);
    spin->setDecimals(2);
    spin->setToolTip(tip);
    return spin;
}

AnswerSettings AnswerPanel::settings() const
{
    AnswerSettings s;
    s.maxTokens = m_maxTokens->value();
    s.temperature = m_temperature->value();
    s.topK = m_topK->value();
    s.topP = m_topP->value();
    s.minP = m_minP->value();
    s.repeatPenalty = m_repeatPenalty->value();
    s.seed = m_seed->value();
    s.system = m_system->text().trimmed();
    return s;
}

void AnswerPanel::load()
{
    const AnswerSettings standard;
    QSettings kept;
    kept.beginGroup(QStringLiteral("answers"));
    m_maxTokens->setValue(kept.value(QStringLiteral("maxTokens"), standard.maxTokens).toInt());
    m_temperature->setValue(
        kept.value(QStringLiteral("temperature"), standard.temperature).toDouble());
    m_topK->setValue(kept.value(QStringLiteral("topK"), standard.topK).toInt());
    m_topP->setValue(kept.value(QStringLiteral("topP"), standard.topP).toDouble());
    m_minP->setValue(kept.value(QStringLiteral("minP"), standard.minP).toDouble());
    m_repeatPenalty->setValue(
        kept.value(QStringLiteral("repeatPenalty"), standard.repeatPenalty).toDouble());
    m_seed->setValue(kept.value(QStringLiteral("seed"), standard.seed).toInt());
    m_system->setText(kept.value(QStringLiteral("system")).toString());
}

void AnswerPanel::store()
{
    const AnswerSettings s = settings();
    QSettings kept;
    kept.beginGroup(QStringLiteral("answers"));
    kept.setValue(QStringLiteral("maxTokens"), s.maxTokens);
    kept.setValue(QStringLiteral("temperature"), s.temperature);
    kept.setValue(QStringLiteral("topK"), s.topK);
    kept.setValue(QStringLiteral("topP"), s.topP);
    kept.setValue(QStringLiteral("minP"), s.minP);
    kept.setValue(QStringLiteral("repeatPenalty"), s.repeatPenalty);
    kept.setValue(QStringLiteral("seed"), s.seed);
    kept.setValue(QStringLiteral("system"), s.system);
    Q_EMIT changed();
}

} // namespace bs::ui
