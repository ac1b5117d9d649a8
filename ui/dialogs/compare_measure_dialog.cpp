#include "ui/dialogs/compare_measure_dialog.h"

#include "ui/dialogs/job_form.h"
#include "ui/models/compare_words.h"
#include "ui/widgets/file_field.h"
#include "ui/widgets/looks.h"

#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kStandardContext = 2048;

} // namespace

CompareMeasureDialog::CompareMeasureDialog(const Both<Pin>& pins, const Both<PinWeight>& weights,
                                           const QString& database, QWidget* parent)
    : QDialog(parent)
    , m_pins(pins)
    , m_weights(weights)
    , m_database(database)
    , m_text(new FileField(FileField::Mode::Open, tr("Text to measure on"),
                           tr("Text (*.txt);;All files (*)"), this))
    , m_context(new QSpinBox(this))
    , m_chunks(new QSpinBox(this))
    , m_summary(new QLabel(this))
    , m_start(new QPushButton(tr("Measure"), this))
{
    setObjectName(QStringLiteral("compareMeasureDialog"));
    setWindowTitle(tr("Measure A and B"));
    setAttribute(Qt::WA_DeleteOnClose);
    build();
    connect(m_text, &FileField::changed, this, &CompareMeasureDialog::changed);
    for (QSpinBox* const spin : {m_context, m_chunks})
        connect(spin, &QSpinBox::valueChanged, this, &CompareMeasureDialog::changed);
    connect(m_start, &QPushButton::clicked, this, &CompareMeasureDialog::start);
    changed();
}

void CompareMeasureDialog::build()
{
    m_text->edit()->setObjectName(QStringLiteral("compareMeasureText"));
    m_text->setPath(QSettings().value(QLatin1String(kMeasureTextKey)).toString());
    qint64 longest = kStandardContext;
    for (const Side side : kSides)
        longest = std::min(longest, std::max<qint64>(m_weights[side].card.contextLength, 16));
    m_context->setObjectName(QStringLiteral("compareMeasureContext"));
    m_context->setRange(16, static_cast<int>(longest));
    m_context->setValue(static_cast<int>(longest));
    m_context->setSingleStep(256);
    m_context->setToolTip(tr("Tokens of one window"));
    m_chunks->setObjectName(QStringLiteral("compareMeasureChunks"));
    m_chunks->setRange(1, 10000);
    m_chunks->setValue(8);
    m_chunks->setToolTip(tr("Only the first so many windows of the text"));
    m_summary->setObjectName(QStringLiteral("compareMeasureSummary"));
    m_summary->setWordWrap(true);
    makeQuiet(m_summary);
    m_start->setObjectName(QStringLiteral("compareMeasureStart"));
    m_start->setDefault(true);

    for (QSpinBox* const spin : {m_context, m_chunks})
        spin->setMinimumWidth(110);
    auto* const form = makeJobForm();
    form->addRow(tr("&Text"), m_text);
    form->addRow(tr("&Context"), m_context);
    form->addRow(tr("&Windows"), m_chunks);
    layOutJob(this, form, {m_summary}, m_start, 520);
}

QString CompareMeasureDialog::referenceOf(const Both<PinWeight>& weights)
{
    for (const Side side : kSides)
        if (!weights[side].sourcePath.isEmpty()) return weights[side].sourcePath;
    return {};
}

QList<MeasureSettings> CompareMeasureDialog::settings() const
{
    QList<MeasureSettings> jobs;
    const QString reference = referenceOf(m_weights);
    for (const Side side : kSides) {
        const Pin& pin = m_pins[side];
        if (jobs.isEmpty() || jobs.first().path != pin.path || jobs.first().rules != pin.rules) {
            MeasureSettings job;
            job.path = pin.path;
            job.rules = pin.rules;
            job.text = m_text->path();
            job.context = m_context->value();
            job.chunks = m_chunks->value();
            job.includeDense = false;
            // Against itself it has no divergence to tell of.
            if (pin.path != reference) job.reference = reference;
            job.database = m_database;
            jobs.append(job);
        }
        if (m_weights[side].card.stack && !jobs.last().budgets.contains(m_weights[side].fileBytes))
            jobs.last().budgets.append(m_weights[side].fileBytes);
    }
    return jobs;
}

void CompareMeasureDialog::changed()
{
    const bool there = QFileInfo(m_text->path()).isFile();
    m_start->setEnabled(there);
    if (!there) {
        m_summary->setText(tr("Choose a text file the models were not trained on."));
        return;
    }
    const QString reference = referenceOf(m_weights);
    m_summary->setText(
        tr("Perplexity of A (%1) and B (%2) on %3 tokens%4. It runs beside the chat.")
            .arg(pinName(m_pins[Side::A], m_weights[Side::A]),
                 pinName(m_pins[Side::B], m_weights[Side::B]),
                 QLocale().toString(qint64{m_context->value()} * m_chunks->value()),
                 reference.isEmpty() ? QString()
                                     : tr(", and how far their probabilities are from those of %1")
                                           .arg(QFileInfo(reference).fileName())));
}

void CompareMeasureDialog::start()
{
    QSettings().setValue(QLatin1String(kMeasureTextKey), m_text->path());
    Q_EMIT startRequested(settings());
    accept();
}

} // namespace bs::ui
