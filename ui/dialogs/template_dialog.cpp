#include "ui/dialogs/template_dialog.h"

#include "ui/widgets/looks.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QJsonArray>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTextBlock>
#include <QVBoxLayout>

namespace bs::ui {

namespace {

constexpr QSize kSize{900, 560};

QPlainTextEdit* codeEdit(const QString& name, const QString& label, QWidget* parent)
{
    auto* const edit = new QPlainTextEdit(parent);
    edit->setObjectName(name);
    edit->setAccessibleName(label);
    edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    edit->setTabChangesFocus(true);
    return edit;
}

QWidget* labelled(const QString& text, QWidget* part, QWidget* parent)
{
    auto* const box = new QWidget(parent);
    auto* const label = new QLabel(text, box);
    label->setBuddy(part);
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(label);
    column->addWidget(part, 1);
    return box;
}

QJsonObject message(const QString& role, const QString& content)
{
    return {{"role", role}, {"content", content}};
}

} // namespace

TemplateDialog::TemplateDialog(EngineSession* session, const std::optional<QString>& current,
                               const QString& system, QWidget* parent)
    : QDialog(parent)
    , m_session(session)
    , m_system(system)
    , m_edit(codeEdit(QStringLiteral("templateText"), tr("Chat template"), this))
    , m_preview(codeEdit(QStringLiteral("templatePreview"), tr("What the model reads"), this))
    , m_verdict(new QLabel(this))
    , m_wantsOwn(!current)
{
    setObjectName(QStringLiteral("templateDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Chat template"));
    resize(kSize);
    m_preview->setReadOnly(true);
    m_verdict->setObjectName(QStringLiteral("templateVerdict"));
    m_verdict->setWordWrap(true);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_use = buttons->addButton(tr("Use it for this conversation"), QDialogButtonBox::AcceptRole);
    m_use->setObjectName(QStringLiteral("templateUse"));
    m_own = buttons->addButton(tr("The model's own"), QDialogButtonBox::ResetRole);
    m_own->setObjectName(QStringLiteral("templateOwn"));
    m_own->setToolTip(tr("Put the model's own template back"));
    auto* const column = new QVBoxLayout(this);
    column->addWidget(buildEditors(), 1);
    column->addWidget(m_verdict);
    column->addWidget(buttons);

    m_timer.setSingleShot(true);
    m_timer.setInterval(kCheckDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &TemplateDialog::check);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        m_use->setEnabled(false);
        m_timer.start();
    });
    connect(session, &EngineSession::templateChecked, this, &TemplateDialog::showCheck);
    connect(buttons, &QDialogButtonBox::accepted, this, &TemplateDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_own, &QPushButton::clicked, this, [this] {
        m_wantsOwn = true;
        check();
    });
    if (current) m_edit->setPlainText(*current);
    m_use->setEnabled(false);
    check();
}

QWidget* TemplateDialog::buildEditors()
{
    auto* const halves = new QSplitter(Qt::Horizontal, this);
    halves->setChildrenCollapsible(false);
    halves->addWidget(labelled(tr("&Template (Jinja)"), m_edit, halves));
    halves->addWidget(
        labelled(tr("What the model &reads of a short conversation"), m_preview, halves));
    halves->setSizes({kSize.width() / 2, kSize.width() / 2});
    return halves;
}

void TemplateDialog::check()
{
    m_timer.stop();
    QJsonArray messages;
    if (!m_system.isEmpty()) messages.append(message(QStringLiteral("system"), m_system));
    messages.append(message(QStringLiteral("user"), QStringLiteral("Why is the sky blue?")));
    messages.append(message(QStringLiteral("assistant"), QStringLiteral("Air scatters light.")));
    messages.append(message(QStringLiteral("user"), QStringLiteral("And at night?")));
    m_verdict->setText(m_session->phase() == EngineSession::Phase::Answering
                           ? tr("It is checked when the answer is there ...")
                           : QString());
    m_session->checkTemplate(m_wantsOwn ? std::nullopt : std::optional(m_edit->toPlainText()),
                             messages);
}

void TemplateDialog::showCheck(const TemplateCheck& check)
{
    if (m_timer.isActive()) return; // a newer text is about to be checked
    if (m_wantsOwn && check.error.isEmpty()) {
        m_wantsOwn = false;
        m_ownText = check.chatTemplate;
        const QSignalBlocker quiet(m_edit);
        m_edit->setPlainText(check.chatTemplate);
    }
    const bool ok = check.error.isEmpty();
    if (ok) m_preview->setPlainText(check.text);
    m_verdict->setText(ok ? tr("It can be run: %1 tokens.").arg(check.tokens) : check.error);
    m_verdict->setForegroundRole(QPalette::WindowText);
    QPalette colours = palette();
    if (!ok) colours.setColor(QPalette::WindowText, errorText(palette()));
    m_verdict->setPalette(colours);
    m_use->setEnabled(ok);
    markLine(ok ? 0 : check.line);
}

/// The line of the error stands out; 0: none.
void TemplateDialog::markLine(int line)
{
    QList<QTextEdit::ExtraSelection> marks;
    const QTextBlock block = m_edit->document()->findBlockByNumber(line - 1);
    if (line > 0 && block.isValid()) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(block);
        QColor ground = errorText(palette());
        ground.setAlpha(60);
        mark.format.setBackground(ground);
        mark.format.setProperty(QTextFormat::FullWidthSelection, true);
        marks.append(mark);
    }
    m_edit->setExtraSelections(marks);
}

void TemplateDialog::accept()
{
    const QString text = m_edit->toPlainText();
    Q_EMIT chosen(m_ownText && text == *m_ownText ? std::nullopt : std::optional(text));
    QDialog::accept();
}

} // namespace bs::ui
