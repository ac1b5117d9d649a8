#pragma once

#include <QListWidget>
#include <QWidget>

class QLineEdit;
class QPushButton;

namespace bs::ui {

/// Paths that are typed, chosen or dropped one after another, and taken out again.
class PathList : public QWidget
{
    Q_OBJECT

public:
    /// `name` begins the object names of its parts: nameList, nameEdit, nameAdd, nameRemove.
    PathList(const QString& name, const QString& title, const QString& filter,
             QWidget* parent = nullptr);

    QStringList paths() const;
    /// What is there already, or is empty, is not added.
    void add(const QString& path);

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void browse();
    void addTyped();
    void removeChosen();

    QString m_title;
    QString m_filter;
    QListWidget* m_list;
    QLineEdit* m_edit;
    QPushButton* m_remove;
};

} // namespace bs::ui
