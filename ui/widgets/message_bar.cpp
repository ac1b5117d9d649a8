#include "ui/widgets/message_bar.h"

#include "ui/jobs/log.h"
#include "ui/widgets/themed_icon.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

namespace bs::ui {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_offer(new QPushButton(this))
    , m_detailsButton(new QPushButton(tr("Details"), this))
    , m_copy(new QPushButton(tr("Copy"), this))
    , m_close(new QToolButton(this))
    , m_details(new QPlainTextEdit(this))
{
    setObjectName(QStringLiteral("messageBar"));
    m_text->setObjectName(QStringLiteral("messageText"));
    m_text->setTextFormat(Qt::PlainText); // names of files are in it
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_offer->setObjectName(QStringLiteral("messageOffer"));
    m_detailsButton->setCheckable(true);
    m_detailsButton->setToolTip(tr("Show what the engine said"));
    m_copy->setToolTip(tr("Copy the sentence and its details"));
    m_close->setIcon(themedIcon(QStringLiteral("close")));
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(tr("Close this message"));
    m_details->setReadOnly(true);
    m_details->setMaximumHeight(120);
    m_details->setAccessibleName(tr("Details"));

    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    for (QWidget* const button :
         std::initializer_list<QWidget*>{m_offer, m_detailsButton, m_copy, m_close})
        row->addWidget(button);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(12, 6, 8, 6);
    column->addLayout(row);
    column->addWidget(m_details);

    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_offer, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT offered();
    });
    connect(m_detailsButton, &QPushButton::toggled, m_details, &QWidget::setVisible);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(
            (m_text->text() + QLatin1Char('\n') + m_details->toPlainText()).trimmed());
    });
    hide();
}

void MessageBar::showMessage(Kind kind, const QString& sentence, const QString& details)
{
    qCInfo(log).noquote() << sentence << details;
    m_kind = kind;
    m_text->setText(sentence);
    setAccessibleName(sentence);
    m_details->setPlainText(details);
    m_detailsButton->setChecked(false);
    m_details->hide();
    m_detailsButton->setVisible(!details.isEmpty());
    m_copy->setVisible(kind == Kind::Error);
    m_offer->hide();
    applyColours();
    show();
}

void MessageBar::showError(const WorkerError& error)
{
    showMessage(Kind::Error, error.message, error.details);
}

void MessageBar::setOffer(const QString& text)
{
    m_offer->setText(text);
    m_offer->show();
}

QString MessageBar::sentence() const
{
    return isHidden() ? QString() : m_text->text();
}

void MessageBar::applyColours()
{
    if (m_colouring) return;
    m_colouring = true;
    const QString icon = m_kind == Kind::Error  ? QStringLiteral("alert")
                         : m_kind == Kind::Done ? QStringLiteral("check")
                                                : QStringLiteral("info");
    m_icon->setPixmap(themedIcon(icon).pixmap(18, 18));
    const QPalette p = QApplication::palette();
    const bool dark = p.color(QPalette::Base).lightness() < 128;
    QColor accent = m_kind == Kind::Error  ? QColor(dark ? 0xe06c62 : 0xc0392b)
                    : m_kind == Kind::Done ? QColor(dark ? 0x5fbf8a : 0x1e8e5a)
                                           : p.color(QPalette::Highlight);
    QColor ground = accent;
    ground.setAlpha(dark ? 50 : 28);
    setStyleSheet(QStringLiteral("#messageBar { background: rgba(%1,%2,%3,%4); border: 0;"
                                 " border-left: 4px solid %5; }")
                      .arg(ground.red())
                      .arg(ground.green())
                      .arg(ground.blue())
                      .arg(ground.alpha())
                      .arg(accent.name()));
    m_colouring = false;
}

void MessageBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_text != nullptr && isVisible()) applyColours();
}

} // namespace bs::ui
