#include "ui/dialogs/log_dialog.h"

#include "ui/jobs/log_file.h"
#include "ui/widgets/looks.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

namespace bs::ui {

namespace {

constexpr QSize kSize{860, 480};
constexpr qint64 kShownBytes = 200'000;

} // namespace

LogDialog::LogDialog(QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("logDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Log"));
    resize(kSize);
    auto* const where =
        new QLabel(LogFile::path().isEmpty() ? tr("No log is kept.") : LogFile::path(), this);
    where->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    makeQuiet(where);
    auto* const text = new QPlainTextEdit(LogFile::tail(kShownBytes), this);
    text->setObjectName(QStringLiteral("logText"));
    text->setAccessibleName(tr("Log"));
    text->setReadOnly(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text->verticalScrollBar()->setValue(text->verticalScrollBar()->maximum());
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* const copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    copy->setObjectName(QStringLiteral("logCopy"));
    copy->setToolTip(tr("Copy what is shown"));
    connect(copy, &QPushButton::clicked, text,
            [text] { QGuiApplication::clipboard()->setText(text->toPlainText()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* const column = new QVBoxLayout(this);
    column->addWidget(where);
    column->addWidget(text, 1);
    column->addWidget(buttons);
}

} // namespace bs::ui
