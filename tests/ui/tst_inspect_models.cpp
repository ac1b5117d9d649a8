#include "tests/support/fake_recipe.h"
#include "tests/support/qt_warnings.h"
#include "ui/models/chart_roles.h"
#include "ui/models/csv.h"
#include "ui/models/figures_model.h"
#include "ui/models/metadata_model.h"
#include "ui/models/tensor_tree_model.h"
#include "ui/plots/figure_plot.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTest>

using namespace bs::ui;

namespace {

QJsonObject qt(const nlohmann::json& json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json.dump())).object();
}

TensorListing listing(const char* path)
{
    return TensorListing::fromJson(qt(fake::tensorList({{"path", path}})));
}

TensorDetails details(const char* path, const char* name)
{
    return TensorDetails::fromJson(qt(fake::tensor({{"path", path}, {"name", name}})));
}

} // namespace

/// What the page "Inspect" shows: tensors, metadata, figures and their chart.
class TstInspectModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { bs::test::QtWarnings::watch(); }
    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

    void tensorsLieByLayer()
    {
        TensorTreeModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setTensors(listing("a.bitstack").tensors);
        QCOMPARE(reset.count(), 1);
        QCOMPARE(model.rowCount(), 3);
        const QModelIndex outside = model.index(0, 0);
        QCOMPARE(outside.data().toString(), QStringLiteral("Outside the layers"));
        QCOMPARE(model.rowCount(outside), 2);
        QCOMPARE(model.index(2, TensorTreeModel::BytesColumn).data().toString(),
                 QStringLiteral("7.00 MB"));
        QCOMPARE(model.index(2, TensorTreeModel::ShareColumn).data().toString(),
                 QStringLiteral("43.8 %")); // 7 of 16
        const QModelIndex query = model.index(0, 0, model.index(1, 0));
        QCOMPARE(query.data().toString(), QStringLiteral("q_proj"));
        QCOMPARE(query.data(TensorTreeModel::TensorRole).toString(),
                 QStringLiteral("model.layers.0.q_proj.weight"));
        QCOMPARE(query.siblingAtColumn(TensorTreeModel::ShapeColumn).data().toString(),
                 QStringLiteral("576 x 1112"));
        QCOMPARE(query.siblingAtColumn(TensorTreeModel::TypeColumn).data().toString(),
                 QStringLiteral("nested, 8 blocks"));
        QCOMPARE(query.parent(), model.index(1, 0));
        QVERIFY(!outside.data(TensorTreeModel::TensorRole).isValid());
        model.setTensors({});
        QCOMPARE(model.rowCount(), 0);
    }

    void findingLooksAtNamesTypesAndShapes()
    {
        TensorTreeModel model;
        model.setTensors(listing("a.bitstack").tensors);
        QSortFilterProxyModel found;
        const QAbstractItemModelTester tester(&found);
        found.setSourceModel(&model);
        found.setFilterRole(TensorTreeModel::FilterRole);
        found.setFilterCaseSensitivity(Qt::CaseInsensitive);
        found.setRecursiveFilteringEnabled(true);
        const auto count = [&](const char* text) {
            found.setFilterFixedString(QLatin1String(text));
            int tensors = 0;
            for (int group = 0; group < found.rowCount(); ++group)
                tensors += found.rowCount(found.index(group, 0));
            return tensors;
        };
        QCOMPARE(count(""), 16);
        QCOMPARE(count("V_PROJ"), 2);
        QCOMPARE(count("layer 1"), 7);
        QCOMPARE(count("49152 x"), 1);
        QCOMPARE(count("f16"), 1);
        QCOMPARE(count("nothing"), 0);
    }

    void longValuesAreCutAndKept()
    {
        MetadataModel model;
        const QAbstractItemModelTester tester(&model);
        model.setEntries(listing("a.gguf").metadata);
        QCOMPARE(model.rowCount(), 2);
        const QModelIndex value = model.index(1, MetadataModel::ValueColumn);
        QCOMPARE(value.data().toString().size(), 204);
        QVERIFY(value.data().toString().endsWith(QStringLiteral(" ...")));
        QCOMPARE(value.data(MetadataModel::WholeRole).toString().size(), 5000);
        QCOMPARE(model.index(0, MetadataModel::ValueColumn).data().toString(),
                 QStringLiteral("Scripted"));
    }

    void figuresOfValuesCodesAndDepths()
    {
        const TensorDetails tensor = details("a.bitstack", "model.layers.0.q_proj.weight");
        FiguresModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setValues(tensor);
        QCOMPARE(model.rowCount(), 121);
        QCOMPARE(model.columnCount(), 4);
        QCOMPARE(model.index(60, 2).data(Qt::EditRole).toLongLong(), 1000);
        QCOMPARE(model.index(60, 0).data(PlaceRole).toDouble(), 0.0);
        QCOMPARE(model.index(60, 0).data(ValueRole).toDouble(), 1000.0);
        QVERIFY(model.summary().startsWith(QStringLiteral("Values from -0.5 to 0.75")));
        QVERIFY(model.summary().contains(QStringLiteral("7 lie outside")));
        QVERIFY(csvOf(model).startsWith(QStringLiteral("From,To,Values,Share\n-0.5,")));
        model.setCodes(tensor);
        QCOMPARE(model.rowCount(), 16);
        QCOMPARE(model.index(5, 0).data().toString(), QStringLiteral("0101"));
        QCOMPARE(model.index(5, 0).data(LabelRole).toString(), QStringLiteral("0101"));
        model.setResiduals(tensor);
        QCOMPARE(model.rowCount(), 9);
        QCOMPARE(model.index(1, 3).data().toString(), QStringLiteral("50 %"));
        QCOMPARE(model.index(1, 0).data(PlaceRole).toDouble(), 1.5);
        QVERIFY(model.index(1, 0).data(CardRole).toString().contains(
            QStringLiteral("1.50 bits per weight")));
        QCOMPARE(reset.count(), 3);
        model.setCodes({});
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.summary().isEmpty());
    }

    void aDenseTensorHasNoCodes()
    {
        const TensorDetails tensor = details("a.gguf", "model.norm.weight");
        QVERIFY(tensor.codes.isEmpty());
        QVERIFY(tensor.residuals.isEmpty());
        QCOMPARE(tensor.notFinite, 2);
        QCOMPARE(tensor.values.size(), 121);
    }

    void theChartIsReadByMouseAndKeys_data()
    {
        QTest::addColumn<bool>("bars");
        QTest::newRow("bars") << true;
        QTest::newRow("line") << false;
    }
    void theChartIsReadByMouseAndKeys()
    {
        QFETCH(bool, bars);
        FiguresModel model;
        const TensorDetails tensor = details("a.bitstack", "model.layers.0.q_proj.weight");
        QItemSelectionModel selection(&model);
        FigurePlot plot(bars ? FigurePlot::Style::Bars : FigurePlot::Style::Line,
                        {QStringLiteral("Figures"), QStringLiteral("x"), QStringLiteral("y"),
                         QStringLiteral("nothing")});
        plot.resize(500, 300);
        plot.setModel(&model, &selection);
        plot.show();
        QVERIFY(QTest::qWaitForWindowActive(&plot));
        bars ? model.setCodes(tensor) : model.setResiduals(tensor);
        QTest::qWait(20); // a plot lays itself out when it is drawn
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(selection.currentIndex().row(), 0);
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.cardText(), model.index(1, 0).data(CardRole).toString());
        QTest::keyClick(&plot, Qt::Key_End);
        QCOMPARE(selection.currentIndex().row(), model.rowCount() - 1);
        QTest::keyClick(&plot, Qt::Key_Home);
        QCOMPARE(selection.currentIndex().row(), 0);
        auto* const canvas = plot.findChild<QWidget*>();
        const QPoint at(plot.positionOf(3).x(), canvas->height() / 2);
        QTest::mouseMove(canvas, at);
        QTRY_COMPARE(plot.cardText(), model.index(3, 0).data(CardRole).toString());
        QTest::mouseClick(canvas, Qt::LeftButton, {}, at);
        QCOMPARE(selection.currentIndex().row(), 3);
        QString problem;
        QVERIFY(!plot.title().isEmpty());
        model.setCodes({});
        QCOMPARE(plot.cardText(), QString());
    }

private:
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstInspectModels)
#include "tst_inspect_models.moc"
