#include "ui/pages/answer_panel.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSpinBox>
#include <QToolButton>

#include <limits>

namespace bs::ui {

namespace {

constexpr int kSystemLines = 3;

QToolButton* textButton(const QString& name, const QString& text, const QString& tip,
                        QWidget* parent)
{
    auto* const button = new QToolButton(parent);
    button->setObjectName(name);
    button->setText(text);
    button->setToolTip(tip);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

QHBoxLayout* rowOf(std::initializer_list<QWidget*> parts)
{
    auto* const row = new QHBoxLayout;
    row->setSpacing(4);
    for (QWidget* const part : parts)
        row->addWidget(part, part == *parts.begin() ? 1 : 0);
    return row;
}

} // namespace

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
    , m_system(new QPlainTextEdit(this))
    , m_preset(new QComboBox(this))
    , m_savePreset(textButton(QStringLiteral("presetSave"), tr("Save..."),
                              tr("Save this sampling under a name"), this))
    , m_removePreset(textButton(QStringLiteral("presetRemove"), tr("Remove"),
                                tr("Remove this preset of yours"), this))
    , m_templateText(new QLabel(this))
    , m_template(textButton(QStringLiteral("templateEdit"), tr("Edit..."),
                            tr("Show and edit how messages become the model's text"), this))
{
    m_maxTokens->setObjectName(QStringLiteral("maxTokens"));
    m_maxTokens->setRange(1, 100000);
    m_maxTokens->setSingleStep(64);
    m_maxTokens->setToolTip(tr("An answer ends here at the latest"));
    m_topK->setObjectName(QStringLiteral("topK"));
    m_topK->setRange(0, 100000);
    m_topK->setToolTip(tr("Only the so many most probable tokens; 0: off"));
    m_seed->setObjectName(QStringLiteral("seed"));
    m_seed->setRange(-1, std::numeric_limits<int>::max());
    m_seed->setSpecialValueText(tr("another each time"));
    m_seed->setToolTip(tr("The same seed gives the same answer; below 0: another one each time"));
    m_system->setObjectName(QStringLiteral("systemPrompt"));
    m_system->setAccessibleName(tr("System prompt"));
    m_system->setPlaceholderText(tr("System prompt: what the model is told before the "
                                    "conversation. None."));
    m_system->setToolTip(tr("What the model is told before the conversation"));
    m_system->setTabChangesFocus(true);
    m_system->setFixedHeight(kSystemLines * fontMetrics().lineSpacing() + 12);
    m_preset->setObjectName(QStringLiteral("preset"));
    m_preset->setToolTip(tr("Sampling under a name"));
    m_templateText->setObjectName(QStringLiteral("templateState"));
    buildForm();
    fillPresets();
    load();
    connectFields();
}

void AnswerPanel::buildForm()
{
    auto* const form = new QFormLayout(this);
    form->setContentsMargins(11, 6, 8, 8);
    form->setVerticalSpacing(4);
    form->setHorizontalSpacing(10);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(m_system);
    form->addRow(tr("Template"), rowOf({m_templateText, m_template}));
    form->addRow(tr("Preset"), rowOf({m_preset, m_savePreset, m_removePreset}));
    form->addRow(tr("Temperature"), m_temperature);
    form->addRow(tr("Top k"), m_topK);
    form->addRow(tr("Top p"), m_topP);
    form->addRow(tr("Min p"), m_minP);
    form->addRow(tr("Repeat penalty"), m_repeatPenalty);
    form->addRow(tr("Seed"), m_seed);
    form->addRow(tr("Most tokens"), m_maxTokens);
    for (QAbstractSpinBox* const spin : findChildren<QAbstractSpinBox*>())
        spin->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_preset->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_preset->setMinimumContentsLength(6);
}

void AnswerPanel::connectFields()
{
    for (QSpinBox* const spin : {m_maxTokens, m_topK, m_seed})
        connect(spin, &QSpinBox::valueChanged, this, &AnswerPanel::store);
    for (QDoubleSpinBox* const spin : {m_temperature, m_topP, m_minP, m_repeatPenalty})
        connect(spin, &QDoubleSpinBox::valueChanged, this, &AnswerPanel::store);
    connect(m_system, &QPlainTextEdit::textChanged, this, &AnswerPanel::store);
    connect(m_preset, &QComboBox::activated, this, &AnswerPanel::choosePreset);
    connect(m_savePreset, &QToolButton::clicked, this, &AnswerPanel::askPresetName);
    connect(m_removePreset, &QToolButton::clicked, this, &AnswerPanel::removePreset);
    connect(m_template, &QToolButton::clicked, this, &AnswerPanel::templateRequested);
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
    s.system = m_system->toPlainText().trimmed();
    s.chatTemplate = m_chatTemplate;
    return s;
}

void AnswerPanel::setPrompt(const QString& system, const std::optional<QString>& chatTemplate)
{
    const AnswerSettings before = settings();
    if (system == before.system && chatTemplate == before.chatTemplate) return;
    m_filling = true;
    if (system != before.system) m_system->setPlainText(system);
    m_filling = false;
    m_chatTemplate = chatTemplate;
    showTemplate();
    store();
}

void AnswerPanel::showTemplate()
{
    m_templateText->setText(m_chatTemplate ? tr("changed for this conversation")
                                           : tr("the model's own"));
}

void AnswerPanel::showSampling(const AnswerSettings& s)
{
    m_filling = true;
    m_temperature->setValue(s.temperature);
    m_topK->setValue(s.topK);
    m_topP->setValue(s.topP);
    m_minP->setValue(s.minP);
    m_repeatPenalty->setValue(s.repeatPenalty);
    m_maxTokens->setValue(s.maxTokens);
    m_seed->setValue(static_cast<int>(s.seed));
    m_filling = false;
}

void AnswerPanel::fillPresets()
{
    m_preset->clear();
    for (const SamplingPreset& preset : m_presets.all())
        m_preset->addItem(preset.name);
    showPreset();
}

/// The name of what is set, if it has one.
void AnswerPanel::showPreset()
{
    const int at = m_presets.matching(settings());
    m_preset->setCurrentIndex(at);
    m_preset->setPlaceholderText(tr("none of them"));
    m_removePreset->setVisible(at >= 0 && m_presets.all().at(at).own);
}

void AnswerPanel::choosePreset(int index)
{
    if (index < 0 || index >= m_presets.all().size()) return;
    AnswerSettings wanted = settings();
    m_presets.all().at(index).applyTo(wanted);
    showSampling(wanted);
    store();
}

bool AnswerPanel::savePreset(const QString& name)
{
    if (!m_presets.save(name, settings())) return false;
    fillPresets();
    return true;
}

void AnswerPanel::askPresetName()
{
    auto* const dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("presetName"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save the sampling"));
    dialog->setLabelText(tr("Name of the preset:"));
    connect(dialog, &QInputDialog::textValueChanged, dialog, [this, dialog](const QString& name) {
        const int at = m_presets.indexOf(name.simplified());
        dialog->setLabelText(at >= 0 && !m_presets.all().at(at).own
                                 ? tr("This name is taken by a given preset:")
                             : at >= 0 ? tr("Name of the preset (it is replaced):")
                                       : tr("Name of the preset:"));
    });
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this](const QString& name) { savePreset(name); });
    dialog->open();
}

void AnswerPanel::removePreset()
{
    m_presets.remove(m_preset->currentText());
    fillPresets();
}

void AnswerPanel::load()
{
    AnswerSettings s;
    QSettings kept;
    kept.beginGroup(QStringLiteral("answers"));
    s.temperature = kept.value(QStringLiteral("temperature"), s.temperature).toDouble();
    s.topK = kept.value(QStringLiteral("topK"), s.topK).toInt();
    s.topP = kept.value(QStringLiteral("topP"), s.topP).toDouble();
    s.minP = kept.value(QStringLiteral("minP"), s.minP).toDouble();
    s.repeatPenalty = kept.value(QStringLiteral("repeatPenalty"), s.repeatPenalty).toDouble();
    s.maxTokens = kept.value(QStringLiteral("maxTokens"), s.maxTokens).toInt();
    s.seed = kept.value(QStringLiteral("seed"), s.seed).toInt();
    showSampling(s);
    m_system->setPlainText(kept.value(QStringLiteral("system")).toString());
    showTemplate();
    showPreset();
}

void AnswerPanel::store()
{
    if (m_filling) return;
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
    showPreset();
    Q_EMIT changed();
}

} // namespace bs::ui
