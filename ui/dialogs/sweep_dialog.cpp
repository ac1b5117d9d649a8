#include "ui/dialogs/sweep_dialog.h"

#include "ui/dialogs/job_form.h"
#include "ui/models/words.h"
#include "ui/widgets/path_list.h"

#include <QCheckBox>
#include <QDateTime>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSpinBox>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kForecastDelayMs = 200;

QStringList partsOf(const QLineEdit* edit)
{
    static const QRegularExpression kBetween(QStringLiteral("[\\s,;]+"));
    return edit->text().split(kBetween, Qt::SkipEmptyParts);
}

/// Numbers in a range; empty if one of them is none.
template <class Number>
QList<Number> numbersOf(const QLineEdit* edit, qint64 least, qint64 most)
{
    QList<Number> numbers;
    for (const QString& part : partsOf(edit)) {
        bool ok = false;
        const qint64 number = part.toLongLong(&ok);
        if (!ok || number < least || number > most) return {};
        numbers.append(static_cast<Number>(number));
    }
    return numbers;
}

QList<qint64> sizesOf(const QLineEdit* edit, QString* problem)
{
    QList<qint64> sizes;
    for (const QString& part : partsOf(edit)) {
        const qint64 bytes = parseSizeText(part, problem);
        if (bytes < 0) return {};
        sizes.append(bytes);
    }
    return sizes;
}

} // namespace

SweepDialog::SweepDialog(BackgroundJobs* jobs, const QString& model, const QString& database,
                         QWidget* parent)
    : QDialog(parent)
    , m_jobs(jobs)
    , m_database(database)
    , m_name(new QLineEdit(QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmm")),
                           this))
    , m_models(new PathList(QStringLiteral("sweepModel"), tr("Models"),
                            tr("Models (*.gguf *.bitstack *.safetensors);;All files (*)"), this))
    , m_nested(new QCheckBox(QStringLiteral("nested"), this))
    , m_bitstack(new QCheckBox(QStringLiteral("bitstack"), this))
    , m_blocks(new QLineEdit(QStringLiteral("8"), this))
    , m_ranks(new QLineEdit(QStringLiteral("16"), this))
    , m_tokens(new QLineEdit(QStringLiteral("16384"), this))
    , m_spread(new QSpinBox(this))
    , m_budgets(new QLineEdit(this))
    , m_texts(new PathList(QStringLiteral("sweepText"), tr("Texts to measure on"),
                           tr("Text (*.txt);;All files (*)"), this))
    , m_context(new QSpinBox(this))
    , m_chunks(new QSpinBox(this))
    , m_summary(new QLabel(this))
    , m_problem(new QLabel(this))
    , m_start(new QPushButton(tr("Queue the jobs"), this))
{
    setObjectName(QStringLiteral("sweepDialog"));
    setWindowTitle(tr("Sweep"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_forecastTimer.setSingleShot(true);
    m_forecastTimer.setInterval(kForecastDelayMs);
    build();
    m_models->add(model);
    m_texts->add(QSettings().value(QLatin1String(kMeasureTextKey)).toString());
    connectFields();
    changed();
}

SweepSettings SweepDialog::settings() const
{
    SweepSettings s;
    s.name = m_name->text().simplified().replace(QLatin1Char(' '), QLatin1Char('-'));
    s.models = m_models->paths();
    for (const QCheckBox* const codec : {m_nested, m_bitstack})
        if (codec->isChecked()) s.codecs.append(codec->text());
    s.blocks = numbersOf<int>(m_blocks, 1, 64);
    s.ranks = numbersOf<int>(m_ranks, 1, 256);
    s.calibrationTokens = numbersOf<qint64>(m_tokens, 512, 1 << 20);
    s.spread = m_spread->value();
    s.budgets = sizesOf(m_budgets, nullptr);
    s.texts = m_texts->paths();
    s.context = m_context->value();
    s.chunks = m_chunks->value();
    s.database = m_database;
    return s;
}

QString SweepDialog::problemOfInputs() const
{
    const SweepSettings s = settings();
    if (s.name.isEmpty()) return tr("Give the sweep a name, to find its runs by.");
    if (s.models.isEmpty()) return tr("Add a model.");
    for (const QString& path : s.models + s.texts)
        if (!QFileInfo::exists(path)) return tr("%1 is not there.").arg(path);
    if (s.codecs.isEmpty()) return tr("Choose a codec.");
    if (m_bitstack->isChecked() && s.blocks.isEmpty()) return tr("Blocks: numbers from 1 to 64.");
    if (m_bitstack->isChecked() && s.ranks.isEmpty()) return tr("Ranks: numbers from 1 to 256.");
    if (s.calibrationTokens.isEmpty())
        return tr("Calibration tokens: numbers from 512 to 1048576.");
    QString problem;
    sizesOf(m_budgets, &problem);
    if (!problem.isEmpty()) return problem;
    if (s.spread == 0 && s.budgets.isEmpty()) return tr("Say which sizes to measure.");
    if (s.texts.isEmpty()) return tr("Add a text the models were not trained on.");
    return {};
}

void SweepDialog::changed()
{
    m_blocks->setEnabled(m_bitstack->isChecked());
    m_ranks->setEnabled(m_bitstack->isChecked());
    const QString problem = problemOfInputs();
    m_problem->setText(problem);
    m_start->setEnabled(problem.isEmpty());
    m_toAsk.clear();
    m_known = false;
    m_plan = problem.isEmpty() ? planSweep(settings()) : SweepPlan();
    showPlan();
    m_forecastTimer.start();
}

/// One after another: of several questions at once only the last is answered.
void SweepDialog::askForecast()
{
    m_sum = {};
    m_toAsk.clear();
    for (const SweepPlan::Step& step : m_plan.steps)
        if (step.compresses) m_toAsk.append(step.compress);
    m_known = m_toAsk.isEmpty();
    if (!m_toAsk.isEmpty()) m_jobs->forecast(m_toAsk.first());
    showPlan();
}

void SweepDialog::take(const Forecast& forecast)
{
    if (m_toAsk.isEmpty() || m_forecastTimer.isActive()) return; // of what was changed since
    m_toAsk.removeFirst();
    const bool known = m_sum.seconds >= 0 && forecast.seconds >= 0;
    m_sum.seconds = known ? m_sum.seconds + forecast.seconds : -1;
    // Beside the files made before it.
    m_sum.diskBytes = std::max(m_sum.diskBytes, m_sum.fileBytes + forecast.diskBytes);
    m_sum.fileBytes += forecast.fileBytes;
    m_sum.freeDiskBytes = forecast.freeDiskBytes;
    m_sum.peakBytes = std::max(m_sum.peakBytes, forecast.peakBytes);
    m_known = m_toAsk.isEmpty();
    if (!m_known) m_jobs->forecast(m_toAsk.first());
    showPlan();
}

void SweepDialog::showPlan()
{
    if (m_plan.steps.isEmpty()) {
        m_summary->clear();
        return;
    }
    QStringList sentences{tr("Jobs: %1 (compressions: %2, measurements: %3).")
                              .arg(m_plan.steps.size())
                              .arg(m_plan.compressions())
                              .arg(m_plan.measurements())};
    if (m_plan.filesThere > 0)
        sentences.append(
            tr("Files of this name that are there already (%1) are measured as they are.")
                .arg(m_plan.filesThere));
    if (!m_known) {
        sentences.append(tr("Asking what it will take ..."));
    } else if (m_plan.compressions() > 0) {
        sentences.append(tr("Compressing takes %1, up to %2 of memory and %3 of disk (%4 stay, %5 "
                            "are free); measuring comes on top.")
                             .arg(m_sum.seconds < 0
                                      ? tr("as long as the card needs")
                                      : tr("about %1").arg(durationText(m_sum.seconds)),
                                  sizeText(m_sum.peakBytes), sizeText(m_sum.diskBytes),
                                  sizeText(m_sum.fileBytes), sizeText(m_sum.freeDiskBytes)));
        if (m_sum.diskBytes > m_sum.freeDiskBytes) {
            m_problem->setText(tr("The disk is too small."));
            m_start->setEnabled(false);
        }
    }
    m_summary->setText(sentences.join(QLatin1Char(' ')));
}

void SweepDialog::start()
{
    for (const SweepPlan::Step& step : m_plan.steps) {
        if (step.compresses)
            m_jobs->compress(step.compress);
        else
            m_jobs->measure(step.measure);
    }
    accept();
}

} // namespace bs::ui
