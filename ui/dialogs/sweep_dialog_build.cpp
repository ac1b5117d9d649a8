#include "ui/dialogs/job_form.h"
#include "ui/dialogs/sweep_dialog.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/path_list.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace bs::ui {

namespace {

constexpr int kBetween = 8;

/// A label whose key goes to a field that shares its row with others.
QLabel* labelFor(const QString& text, QWidget* field)
{
    auto* const label = new QLabel(text, field->parentWidget());
    label->setBuddy(field);
    return label;
}

} // namespace

void SweepDialog::build()
{
    m_name->setObjectName(QStringLiteral("sweepName"));
    m_name->setAccessibleName(tr("Name of the sweep"));
    m_name->setToolTip(tr("Its runs keep this name: the filter line finds them by sweep:name"));
    m_summary->setObjectName(QStringLiteral("sweepSummary"));
    m_summary->setWordWrap(true);
    // Lines are kept free, so that nothing moves under the mouse.
    m_summary->setMinimumHeight(2 * m_summary->fontMetrics().lineSpacing());
    m_summary->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_problem->setObjectName(QStringLiteral("sweepProblem"));
    m_problem->setWordWrap(true);
    makeWarning(m_problem);
    m_start->setObjectName(QStringLiteral("sweepStart"));
    m_start->setDefault(true);

    auto* const form = makeJobForm();
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Models"), m_models);
    addWays(form);
    addMeasuring(form);
    layOutJob(this, form, {m_summary, m_problem}, m_start, 600);
}

void SweepDialog::addWays(QFormLayout* form)
{
    m_nested->setObjectName(QStringLiteral("sweepNested"));
    m_nested->setChecked(true);
    m_bitstack->setObjectName(QStringLiteral("sweepBitstack"));
    auto* const codecs = new QHBoxLayout;
    codecs->addWidget(m_nested);
    codecs->addWidget(m_bitstack);
    codecs->addStretch(1);
    form->addRow(tr("Codecs"), codecs);
    m_blocks->setObjectName(QStringLiteral("sweepBlocks"));
    m_blocks->setToolTip(tr("Of codec bitstack: one or several numbers, such as 8 16"));
    m_ranks->setObjectName(QStringLiteral("sweepRanks"));
    m_ranks->setToolTip(tr("Of codec bitstack: one or several numbers, such as 8 16"));
    m_ranks->setAccessibleName(tr("Ranks"));
    auto* const bitstack = new QHBoxLayout;
    bitstack->setSpacing(kBetween);
    bitstack->addWidget(m_blocks, 1);
    bitstack->addWidget(labelFor(tr("&Ranks"), m_ranks));
    bitstack->addWidget(m_ranks, 1);
    form->addRow(labelFor(tr("&Blocks"), m_blocks), bitstack);
    m_blocks->setAccessibleName(tr("Blocks"));
    m_tokens->setObjectName(QStringLiteral("sweepTokens"));
    m_tokens->setAccessibleName(tr("Calibration tokens"));
    m_tokens->setToolTip(tr("Tokens of calibration text, which each model writes itself: one or "
                            "several numbers"));
    form->addRow(tr("&Calibration tokens"), m_tokens);
}

void SweepDialog::addMeasuring(QFormLayout* form)
{
    m_spread->setObjectName(QStringLiteral("sweepSpread"));
    m_spread->setAccessibleName(tr("Sizes of each file"));
    m_spread->setRange(0, 64);
    m_spread->setValue(5);
    m_spread->setToolTip(tr("So many sizes of each file, evenly from its smallest to its largest"));
    m_budgets->setObjectName(QStringLiteral("sweepBudgets"));
    m_budgets->setPlaceholderText(tr("such as 60MB 105.5MB"));
    m_budgets->setAccessibleName(tr("More sizes"));
    m_budgets->setToolTip(tr("What is below a file's smallest size is left out there"));
    auto* const sizes = new QHBoxLayout;
    sizes->setSpacing(kBetween);
    sizes->addWidget(m_spread);
    sizes->addWidget(labelFor(tr("of each file an&d at"), m_budgets));
    sizes->addWidget(m_budgets, 1);
    form->addRow(labelFor(tr("&Sizes"), m_spread), sizes);
    form->addRow(tr("&Texts"), m_texts);
    m_context->setObjectName(QStringLiteral("sweepContext"));
    m_context->setAccessibleName(tr("Context"));
    m_context->setRange(16, 1 << 20);
    m_context->setValue(2048);
    m_context->setSingleStep(256);
    m_context->setToolTip(tr("Tokens of one window"));
    m_chunks->setObjectName(QStringLiteral("sweepChunks"));
    m_chunks->setRange(1, 10000);
    m_chunks->setValue(8);
    m_chunks->setAccessibleName(tr("Windows"));
    m_chunks->setToolTip(tr("Only the first so many windows of each text"));
    auto* const windows = new QHBoxLayout;
    windows->setSpacing(kBetween);
    windows->addWidget(m_context);
    windows->addWidget(labelFor(tr("&Windows"), m_chunks));
    windows->addWidget(m_chunks);
    windows->addStretch(1);
    form->addRow(labelFor(tr("C&ontext"), m_context), windows);
    for (QSpinBox* const spin : {m_spread, m_context, m_chunks})
        spin->setMinimumWidth(110);
}

void SweepDialog::connectFields()
{
    for (PathList* const list : {m_models, m_texts})
        connect(list, &PathList::changed, this, &SweepDialog::changed);
    for (QCheckBox* const box : {m_nested, m_bitstack})
        connect(box, &QCheckBox::toggled, this, &SweepDialog::changed);
    for (QLineEdit* const edit : {m_name, m_blocks, m_ranks, m_tokens, m_budgets})
        connect(edit, &QLineEdit::textChanged, this, &SweepDialog::changed);
    for (QSpinBox* const spin : {m_spread, m_context, m_chunks})
        connect(spin, &QSpinBox::valueChanged, this, &SweepDialog::changed);
    connect(m_start, &QPushButton::clicked, this, &SweepDialog::start);
    connect(&m_forecastTimer, &QTimer::timeout, this, &SweepDialog::askForecast);
    connect(m_jobs, &BackgroundJobs::forecastReady, this, &SweepDialog::take);
    connect(m_jobs, &BackgroundJobs::forecastFailed, this, [this](const WorkerError& error) {
        m_toAsk.clear();
        m_problem->setText(error.message);
    });
}

} // namespace bs::ui
