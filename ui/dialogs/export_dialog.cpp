#include "ui/dialogs/export_dialog.h"

#include "ui/dialogs/job_form.h"
#include "ui/models/words.h"
#include "ui/widgets/file_field.h"
#include "ui/widgets/looks.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>

namespace bs::ui {

namespace {

/// What a choice of the list stands for: format, type and the end of a name.
QStringList choice(const char* format, const char* type, const char* ending)
{
    return {QLatin1String(format), QLatin1String(type), QLatin1String(ending)};
}

} // namespace

ExportDialog::ExportDialog(BackgroundJobs* jobs, const ModelCard& card, qint64 budgetBytes,
                           QWidget* parent)
    : QDialog(parent)
    , m_jobs(jobs)
    , m_card(card)
    , m_budget(budgetBytes)
    , m_form(new QComboBox(this))
    , m_output(new FileField(FileField::Mode::Save, tr("Export to"), tr("All files (*)"), this))
    , m_replace(new QCheckBox(tr("&Replace what is there"), this))
    , m_byRecipe(new QCheckBox(this))
    , m_summary(new QLabel(this))
    , m_start(new QPushButton(tr("Export"), this))
{
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export"));
    setAttribute(Qt::WA_DeleteOnClose);
    build();
    connect(m_form, &QComboBox::currentIndexChanged, this, &ExportDialog::formChosen);
    connect(m_output, &FileField::changed, this, &ExportDialog::changed);
    connect(m_replace, &QCheckBox::toggled, this, &ExportDialog::changed);
    connect(m_byRecipe, &QCheckBox::toggled, this, &ExportDialog::changed);
    connect(m_start, &QPushButton::clicked, this, &ExportDialog::start);
    connect(m_jobs, &BackgroundJobs::exportForecastReady, this, &ExportDialog::showSize);
    connect(m_jobs, &BackgroundJobs::forecastFailed, this,
            [this](const WorkerError& error) { m_summary->setText(error.message); });
    formChosen();
}

void ExportDialog::build()
{
    m_form->setObjectName(QStringLiteral("exportForm"));
    m_form->addItem(tr("Hugging Face folder (safetensors, F16)"),
                    choice("safetensors", "F16", "-hf"));
    m_form->addItem(tr("GGUF for llama.cpp, F16"), choice("gguf", "F16", "-f16.gguf"));
    m_form->addItem(tr("GGUF for llama.cpp, Q8_0"), choice("gguf", "Q8_0", "-q8_0.gguf"));
    if (m_card.codec == QLatin1String("bitstack"))
        m_form->addItem(tr("Checkpoint of the BitStack authors"),
                        choice("authors", "F16", "-authors"));
    if (m_card.stack)
        m_form->addItem(tr("BitStack file of this size"), choice("trim", "F16", "-cut.bitstack"));
    m_output->edit()->setObjectName(QStringLiteral("exportOutput"));
    m_replace->setObjectName(QStringLiteral("exportReplace"));
    m_byRecipe->setObjectName(QStringLiteral("exportByRecipe"));
    m_byRecipe->setToolTip(tr("Otherwise the loading order at as many bytes"));
    m_byRecipe->hide();
    m_summary->setObjectName(QStringLiteral("exportSize"));
    m_summary->setWordWrap(true);
    makeQuiet(m_summary);
    m_start->setObjectName(QStringLiteral("exportStart"));
    m_start->setDefault(true);

    auto* const form = makeJobForm();
    form->addRow(tr("&Form"), m_form);
    form->addRow(tr("&To"), m_output);
    form->addRow(QString(), m_byRecipe);
    form->addRow(QString(), m_replace);
    layOutJob(this, form, {m_summary}, m_start, 520);
}

ExportSettings ExportDialog::settings() const
{
    const QStringList chosen = m_form->currentData().toStringList();
    return {m_card.path,
            m_output->path(),
            chosen.at(0),
            chosen.at(1),
            m_card.stack ? m_budget : 0,
            m_replace->isChecked(),
            m_byRecipe->isChecked() ? m_rules : QStringList()};
}

void ExportDialog::setRecipe(const QStringList& rules)
{
    m_rules = rules;
    m_byRecipe->setText(rules.size() == 1 ? tr("By the re&cipe: %1").arg(rules.first())
                                          : tr("By the &recipe of %1 rules").arg(rules.size()));
    m_byRecipe->setVisible(!rules.isEmpty());
    m_byRecipe->setChecked(!rules.isEmpty());
}

void ExportDialog::formChosen()
{
    const QFileInfo model(m_card.path);
    m_output->setPath(model.absolutePath() + QLatin1Char('/') + model.completeBaseName() +
                      m_form->currentData().toStringList().at(2));
    changed();
}

/// The size is asked for again with every change; until it is known nothing can be started.
void ExportDialog::changed()
{
    m_start->setEnabled(false);
    const QFileInfo output(m_output->path());
    if (m_output->path().isEmpty() || !output.absoluteDir().exists())
        m_summary->setText(tr("Choose where to write."));
    else if (output.exists() && !m_replace->isChecked())
        m_summary->setText(tr("%1 is already there.").arg(output.fileName()));
    else
        m_jobs->forecastExport(settings());
}

void ExportDialog::showSize(qint64 bytes)
{
    m_summary->setText(
        m_budget > 0
            ? tr("%1 will be written, of the model at %2.").arg(sizeText(bytes), sizeText(m_budget))
            : tr("%1 will be written.").arg(sizeText(bytes)));
    m_start->setEnabled(true);
}

void ExportDialog::start()
{
    m_jobs->exportModel(settings());
    accept();
}

} // namespace bs::ui
