#include "ui/dialogs/measure_dialog.h"

#include "ui/dialogs/job_form.h"
#include "ui/models/words.h"
#include "ui/widgets/file_field.h"
#include "ui/widgets/looks.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kSummaryLines = 4; ///< room for many sizes, so that nothing is squeezed
constexpr int kStandardContext = 2048;

} // namespace

MeasureDialog::MeasureDialog(const ModelCard& card, const SizeScale& scale, const QString& database,
                             QWidget* parent)
    : QDialog(parent)
    , m_card(card)
    , m_scale(scale)
    , m_database(database)
    , m_text(new FileField(FileField::Mode::Open, tr("Text to measure on"),
                           tr("Text (*.txt);;All files (*)"), this))
    , m_count(new QSpinBox(this))
    , m_from(new QLineEdit(QStringLiteral("min"), this))
    , m_to(new QLineEdit(QStringLiteral("max"), this))
    , m_context(new QSpinBox(this))
    , m_chunks(new QSpinBox(this))
    , m_dense(new QCheckBox(tr("The &uncompressed model too"), this))
    , m_compare(new QCheckBox(tr("&KL divergence from the original too"), this))
    , m_reference(new FileField(FileField::Mode::Open, tr("The original model"),
                                tr("Models (*.gguf *.bitstack *.safetensors);;All files (*)"),
                                this))
    , m_summary(new QLabel(this))
    , m_start(new QPushButton(tr("Measure"), this))
{
    setObjectName(QStringLiteral("measureDialog"));
    setWindowTitle(tr("Measure curve"));
    setAttribute(Qt::WA_DeleteOnClose);
    build();
    connect(m_text, &FileField::changed, this, &MeasureDialog::changed);
    for (QSpinBox* const spin : {m_count, m_context, m_chunks})
        connect(spin, &QSpinBox::valueChanged, this, &MeasureDialog::changed);
    for (QLineEdit* const edit : {m_from, m_to})
        connect(edit, &QLineEdit::textChanged, this, &MeasureDialog::changed);
    connect(m_dense, &QCheckBox::toggled, this, &MeasureDialog::changed);
    connect(m_compare, &QCheckBox::toggled, m_reference, &QWidget::setEnabled);
    connect(m_compare, &QCheckBox::toggled, this, &MeasureDialog::changed);
    connect(m_reference, &FileField::changed, this, &MeasureDialog::changed);
    connect(m_start, &QPushButton::clicked, this, &MeasureDialog::start);
    changed();
}

void MeasureDialog::build()
{
    m_text->edit()->setObjectName(QStringLiteral("measureText"));
    m_text->setPath(QSettings().value(QLatin1String(kMeasureTextKey)).toString());
    m_count->setObjectName(QStringLiteral("measureCount"));
    m_count->setRange(1, 64);
    m_count->setValue(5);
    m_count->setEnabled(m_scale.isValid());
    m_count->setToolTip(tr("Spread evenly over the range"));
    m_from->setObjectName(QStringLiteral("measureFrom"));
    m_to->setObjectName(QStringLiteral("measureTo"));
    m_from->setAccessibleName(tr("Smallest size to measure"));
    m_to->setAccessibleName(tr("Largest size to measure"));
    for (QLineEdit* const edit : {m_from, m_to}) {
        edit->setEnabled(m_scale.isValid());
        edit->setToolTip(tr("A size such as 105.5MB, min or max"));
    }
    const int longest = m_card.contextLength > 0
                            ? static_cast<int>(std::min<qint64>(m_card.contextLength, 1 << 20))
                            : kStandardContext;
    m_context->setObjectName(QStringLiteral("measureContext"));
    m_context->setRange(std::min(16, longest), longest);
    m_context->setValue(std::min(kStandardContext, longest));
    m_context->setSingleStep(256);
    m_context->setToolTip(tr("Tokens of one window"));
    m_chunks->setObjectName(QStringLiteral("measureChunks"));
    m_chunks->setRange(1, 10000);
    m_chunks->setValue(8);
    m_chunks->setToolTip(tr("Only the first so many windows of the text"));
    m_dense->setObjectName(QStringLiteral("measureDense"));
    m_dense->setChecked(true);
    m_dense->setEnabled(m_scale.isValid());
    m_dense->setToolTip(tr("What the curve is held against"));
    m_compare->setObjectName(QStringLiteral("measureCompare"));
    m_compare->setEnabled(m_scale.isValid());
    m_compare->setToolTip(tr("How far the probabilities are from the original's, and how often the "
                             "first choice is the same"));
    m_reference->edit()->setObjectName(QStringLiteral("measureReference"));
    m_reference->edit()->setAccessibleName(tr("The original model"));
    m_reference->setPath(QFileInfo::exists(m_card.sourcePath) ? m_card.sourcePath : QString());
    m_reference->setEnabled(false);
    m_summary->setWordWrap(true);
    m_summary->setAlignment(Qt::AlignTop);
    m_summary->setMinimumHeight(kSummaryLines * m_summary->fontMetrics().lineSpacing());
    makeQuiet(m_summary);
    m_start->setObjectName(QStringLiteral("measureStart"));
    m_start->setDefault(true);

    auto* const form = makeJobForm();
    form->addRow(tr("&Text"), m_text);
    form->addRow(tr("&Sizes"), m_count);
    auto* const range = new QHBoxLayout;
    range->addWidget(m_from, 1);
    range->addWidget(new QLabel(tr("to"), this));
    range->addWidget(m_to, 1);
    auto* const from = new QLabel(tr("F&rom"), this);
    from->setBuddy(m_from);
    range->setSpacing(8);
    form->addRow(from, range);
    form->addRow(tr("&Context"), m_context);
    form->addRow(tr("&Windows"), m_chunks);
    form->addRow(QString(), m_dense);
    form->addRow(QString(), m_compare);
    form->addRow(tr("&Original"), m_reference);
    for (QSpinBox* const spin : findChildren<QSpinBox*>())
        spin->setMinimumWidth(110);
    layOutJob(this, form, {m_summary}, m_start, 520);
}

MeasureSettings MeasureDialog::settings() const
{
    MeasureSettings s;
    s.path = m_card.path;
    s.text = m_text->path();
    s.context = m_context->value();
    s.chunks = m_chunks->value();
    if (m_scale.isValid())
        s.budgets =
            SizeScale::spread(sizeIn(m_from, nullptr), sizeIn(m_to, nullptr), m_count->value());
    s.includeDense = m_dense->isChecked() || !m_scale.isValid();
    if (m_compare->isChecked()) s.reference = m_reference->path();
    s.database = m_database;
    s.rules = m_rules;
    return s;
}

void MeasureDialog::setRecipe(const QStringList& rules, qint64 budget)
{
    m_rules = rules;
    setWindowTitle(tr("Measure the recipe"));
    m_count->setValue(1);
    m_from->setText(QString::number(budget));
    m_to->setText(QString::number(budget));
    m_dense->setChecked(false);
    changed();
}

qint64 MeasureDialog::sizeIn(const QLineEdit* field, QString* problem) const
{
    const QString text = field->text().trimmed();
    if (text == QLatin1String("min")) return m_scale.smallestBytes();
    if (text == QLatin1String("max")) return m_scale.largestBytes();
    const qint64 bytes = parseSizeText(text, problem);
    if (bytes >= 0 && bytes < m_scale.smallestBytes() && problem != nullptr)
        *problem = tr("%1 is below the smallest plan of this model, %2.")
                       .arg(sizeText(bytes), sizeText(m_scale.smallestBytes()));
    return std::min(bytes, m_scale.largestBytes());
}

QString MeasureDialog::problemOfInputs() const
{
    if (!QFileInfo(m_text->path()).isFile())
        return tr("Choose a text file the model was not trained on.");
    if (!m_scale.isValid()) return {};
    if (m_compare->isChecked() && !QFileInfo::exists(m_reference->path()))
        return tr("Choose the model to compare with: a file, or a Hugging Face folder.");
    QString problem;
    const qint64 from = sizeIn(m_from, &problem);
    const qint64 to = sizeIn(m_to, &problem);
    if (problem.isEmpty() && from > to) problem = tr("The range ends before it begins.");
    return problem;
}

void MeasureDialog::changed()
{
    const QString problem = problemOfInputs();
    m_start->setEnabled(problem.isEmpty());
    if (!problem.isEmpty()) {
        m_summary->setText(problem);
        return;
    }
    const MeasureSettings s = settings();
    QStringList sizes;
    for (const qint64 bytes : s.budgets)
        sizes.append(sizeText(bytes));
    if (s.includeDense) sizes.append(tr("uncompressed"));
    if (sizes.size() > 8)
        sizes = sizes.mid(0, 3) + QStringList{QStringLiteral("...")} + sizes.mid(sizes.size() - 2);
    const QString under = m_rules.isEmpty()
                              ? QString()
                              : tr("Under the rules %1. ").arg(m_rules.mid(0, 4).join(", "));
    m_summary->setText(
        under +
        tr("%3 on %1 tokens at: %2. It runs beside the chat; every point appears "
           "in the chart as soon as it is known.")
            .arg(QLocale().toString(qint64{s.context} * s.chunks), sizes.join(QStringLiteral(", ")),
                 s.reference.isEmpty() ? tr("Perplexity") : tr("Perplexity and divergence")));
}

void MeasureDialog::start()
{
    QSettings().setValue(QLatin1String(kMeasureTextKey), m_text->path());
    Q_EMIT startRequested(settings());
    accept();
}

} // namespace bs::ui
