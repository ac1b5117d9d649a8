#include "ui/dialogs/compress_dialog.h"

#include "ui/dialogs/job_form.h"
#include "ui/models/words.h"
#include "ui/widgets/file_field.h"
#include "ui/widgets/looks.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>

namespace bs::ui {

namespace {

constexpr int kForecastDelayMs = 200;
constexpr int kSelfWrittenTokens = 16384;
constexpr int kFileTokens = 32768;

QString besideModel(const QString& modelPath)
{
    const QFileInfo model(modelPath);
    const QString name = model.isDir() ? model.fileName() : model.completeBaseName();
    return model.absolutePath() + QLatin1Char('/') + name + QStringLiteral(".bitstack");
}

QLabel* figure(const char* name, QWidget* parent)
{
    auto* const label = new QLabel(QStringLiteral("..."), parent);
    label->setObjectName(QLatin1String(name));
    return label;
}

} // namespace

CompressDialog::CompressDialog(BackgroundJobs* jobs, const QString& modelPath, QWidget* parent)
    : QDialog(parent)
    , m_jobs(jobs)
    , m_modelPath(modelPath)
    , m_codec(new QComboBox(this))
    , m_blocks(new QSpinBox(this))
    , m_rank(new QSpinBox(this))
    , m_selfWritten(new QRadioButton(tr("Text the model &writes itself"), this))
    , m_fromFile(new QRadioButton(tr("A text &file"), this))
    , m_calibration(new FileField(FileField::Mode::Open, tr("Calibration text"),
                                  tr("Text (*.txt);;All files (*)"), this))
    , m_tokens(new QSpinBox(this))
    , m_output(new FileField(FileField::Mode::Save, tr("Compressed file"),
                             tr("BitStack models (*.bitstack)"), this))
    , m_replace(new QCheckBox(tr("Replace the file that is there"), this))
    , m_time(figure("forecastTime", this))
    , m_file(figure("forecastFile", this))
    , m_disk(figure("forecastDisk", this))
    , m_memory(figure("forecastMemory", this))
    , m_problem(new QLabel(this))
    , m_start(new QPushButton(tr("Compress"), this))
{
    setObjectName(QStringLiteral("compressDialog"));
    setWindowTitle(tr("Compress"));
    setAttribute(Qt::WA_DeleteOnClose);
    build();
    m_forecastTimer.setSingleShot(true);
    m_forecastTimer.setInterval(kForecastDelayMs);
    connect(&m_forecastTimer, &QTimer::timeout, this, &CompressDialog::askForecast);
    connect(jobs, &BackgroundJobs::forecastReady, this, &CompressDialog::showForecast);
    connect(jobs, &BackgroundJobs::forecastFailed, this,
            [this](const WorkerError& error) { showProblem(error.message); });
    connect(m_fromFile, &QRadioButton::toggled, this, [this](bool file) {
        m_tokens->setValue(file ? kFileTokens : kSelfWrittenTokens);
        changed();
    });
    connect(m_codec, &QComboBox::currentIndexChanged, this, [this] {
        const bool bitstack = m_codec->currentData().toString() == QLatin1String("bitstack");
        m_blocks->setEnabled(bitstack);
        m_rank->setEnabled(bitstack);
        changed();
    });
    for (QSpinBox* const spin : {m_blocks, m_rank, m_tokens})
        connect(spin, &QSpinBox::valueChanged, this, &CompressDialog::changed);
    for (FileField* const field : {m_calibration, m_output})
        connect(field, &FileField::changed, this, &CompressDialog::changed);
    connect(m_replace, &QCheckBox::toggled, this, &CompressDialog::changed);
    connect(m_start, &QPushButton::clicked, this, [this] {
        m_jobs->compress(settings());
        accept();
    });
    changed();
}

void CompressDialog::build()
{
    m_codec->setObjectName(QStringLiteral("compressCodec"));
    m_codec->addItem(tr("nested (ours: the better one at every size)"), QStringLiteral("nested"));
    m_codec->addItem(tr("bitstack (sign and low rank, as published)"), QStringLiteral("bitstack"));
    m_codec->setToolTip(tr("How a matrix becomes blocks"));
    m_blocks->setObjectName(QStringLiteral("compressBlocks"));
    m_blocks->setRange(1, 64);
    m_blocks->setValue(8);
    m_blocks->setToolTip(tr("Blocks of every matrix: more make a larger and better largest size. "
                            "Codec nested makes as many as it needs."));
    m_rank->setObjectName(QStringLiteral("compressRank"));
    m_rank->setRange(1, 256);
    m_rank->setValue(16);
    m_rank->setToolTip(tr("Rank of the low-rank part of a block of codec bitstack"));
    m_blocks->setEnabled(false);
    m_rank->setEnabled(false);
    m_output->edit()->setObjectName(QStringLiteral("compressOutput"));
    m_output->setPath(besideModel(m_modelPath));
    m_replace->setObjectName(QStringLiteral("compressReplace"));
    m_problem->setObjectName(QStringLiteral("compressProblem"));
    m_problem->setWordWrap(true);
    // Two lines are kept free, so that nothing moves under the mouse.
    m_problem->setMinimumHeight(2 * m_problem->fontMetrics().lineSpacing());
    m_problem->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    makeWarning(m_problem);
    m_start->setObjectName(QStringLiteral("compressStart"));
    m_start->setDefault(true);
    m_start->setEnabled(false);

    auto* const form = makeJobForm();
    auto* const model = new QLabel(QFileInfo(m_modelPath).fileName(), this);
    model->setToolTip(m_modelPath);
    form->addRow(tr("Model"), model);
    form->addRow(tr("&Codec"), m_codec);
    form->addRow(tr("&Blocks"), m_blocks);
    form->addRow(tr("&Rank"), m_rank);
    form->addRow(tr("&Output"), m_output);
    form->addRow(QString(), m_replace);
    for (QSpinBox* const spin : findChildren<QSpinBox*>())
        spin->setMinimumWidth(110);
    layOutJob(this, form, {buildCalibration(), buildForecast(), m_problem}, m_start, 560);
}

QWidget* CompressDialog::buildCalibration()
{
    m_selfWritten->setObjectName(QStringLiteral("calibrationSelf"));
    m_selfWritten->setChecked(true);
    m_selfWritten->setToolTip(tr("Needs nothing, takes a little longer"));
    m_fromFile->setObjectName(QStringLiteral("calibrationFile"));
    m_fromFile->setToolTip(tr("Text like what the model will be used for"));
    m_calibration->edit()->setObjectName(QStringLiteral("calibrationPath"));
    m_calibration->setEnabled(false);
    connect(m_fromFile, &QRadioButton::toggled, m_calibration, &QWidget::setEnabled);
    m_tokens->setObjectName(QStringLiteral("calibrationTokens"));
    m_tokens->setRange(512, 1 << 20);
    m_tokens->setSingleStep(512);
    m_tokens->setValue(kSelfWrittenTokens);
    m_tokens->setGroupSeparatorShown(true);
    auto* const group = new QGroupBox(tr("Calibration"), this);
    auto* const form = new QFormLayout(group);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(m_selfWritten);
    form->addRow(m_fromFile, m_calibration);
    form->addRow(tr("&Tokens"), m_tokens);
    return group;
}

QWidget* CompressDialog::buildForecast()
{
    auto* const group = new QGroupBox(tr("Forecast"), this);
    auto* const form = new QFormLayout(group);
    form->setHorizontalSpacing(16);
    form->addRow(tr("Time"), m_time);
    form->addRow(tr("Compressed file"), m_file);
    form->addRow(tr("Disk"), m_disk);
    form->addRow(tr("Memory"), m_memory);
    return group;
}

CompressSettings CompressDialog::settings() const
{
    CompressSettings s;
    s.path = m_modelPath;
    s.output = m_output->path();
    s.codec = m_codec->currentData().toString();
    s.rank = m_rank->value();
    s.blocks = m_blocks->value();
    s.calibration = m_fromFile->isChecked() ? m_calibration->path() : QString();
    s.calibrationTokens = m_tokens->value();
    s.force = m_replace->isChecked();
    return s;
}

QString CompressDialog::problemOfInputs() const
{
    const QString output = m_output->path();
    if (output.isEmpty()) return tr("Say where the compressed file shall go.");
    if (QFileInfo(output) == QFileInfo(m_modelPath))
        return tr("The output is the model itself: choose another name.");
    if (QFileInfo::exists(output) && !m_replace->isChecked())
        return tr("%1 is already there: choose another name, or tick that it may be replaced.")
            .arg(QFileInfo(output).fileName());
    if (m_fromFile->isChecked() && !QFileInfo(m_calibration->path()).isFile())
        return tr("Choose the text file to calibrate with.");
    return {};
}

void CompressDialog::changed()
{
    m_replace->setVisible(QFileInfo::exists(m_output->path()));
    m_start->setEnabled(false);
    const QString problem = problemOfInputs();
    m_problem->setText(problem);
    m_forecastTimer.start();
}

void CompressDialog::askForecast()
{
    if (!m_output->path().isEmpty()) m_jobs->forecast(settings());
}

void CompressDialog::showForecast(const Forecast& forecast)
{
    if (m_forecastTimer.isActive()) return; // something was changed since it was asked for
    m_time->setText(forecast.seconds < 0 ? tr("as long as the card needs")
                                         : tr("about %1").arg(durationText(forecast.seconds)));
    m_file->setText(sizeText(forecast.fileBytes));
    m_disk->setText(tr("%1 needed while it runs, %2 free")
                        .arg(sizeText(forecast.diskBytes), sizeText(forecast.freeDiskBytes)));
    m_memory->setText(tr("up to %1").arg(sizeText(forecast.peakBytes)));
    QString problem = problemOfInputs();
    if (problem.isEmpty() && forecast.diskBytes > forecast.freeDiskBytes)
        problem = tr("The disk is too small: %1 are needed there and %2 are free.")
                      .arg(sizeText(forecast.diskBytes), sizeText(forecast.freeDiskBytes));
    showProblem(problem);
    m_start->setEnabled(problem.isEmpty());
}

void CompressDialog::showProblem(const QString& sentence)
{
    m_problem->setText(sentence);
}

} // namespace bs::ui
