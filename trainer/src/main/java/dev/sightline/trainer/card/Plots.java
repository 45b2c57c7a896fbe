package dev.sightline.trainer.card;

import dev.sightline.towers.TrainingEpoch;
import dev.sightline.trainer.evaluation.AttributeScore;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import dev.sightline.trainer.evaluation.RetrievalScore;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The card's plots, each a PNG. */
final class Plots {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 380;
    private static final int PIXELS_A_BAR = 34;

    private Plots() {}

    /** Loss and validation precision by epoch. */
    static void training(List<TrainingEpoch> history, Path file) throws IOException {
        List<Integer> epochs = history.stream().map(TrainingEpoch::epoch).toList();
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Training")
                .xAxisTitle("epoch")
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setYAxisGroupPosition(1, org.knowm.xchart.style.Styler.YAxisPosition.Right);
        chart.setYAxisGroupTitle(0, "loss");
        chart.setYAxisGroupTitle(1, "validation precision@10");
        chart.addSeries(
                        "loss",
                        epochs,
                        history.stream().map(TrainingEpoch::loss).toList())
                .setMarker(SeriesMarkers.NONE);
        var validation = chart.addSeries(
                "validation",
                epochs,
                history.stream().map(TrainingEpoch::validation).toList());
        validation.setMarker(SeriesMarkers.NONE);
        validation.setYAxisGroup(1);
        write(chart, file);
    }

    /** Macro precision@k over k, one line for each size of query. */
    static void precision(RetrievalEvaluation evaluation, int depth, Path file) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Precision@k by number of attributes asked")
                .xAxisTitle("k")
                .yAxisTitle("precision@k")
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
        double[] places = IntStream.rangeClosed(1, depth).asDoubleStream().toArray();
        for (RetrievalScore score : evaluation.scores()) {
            if (score.queries() > 0) {
                chart.addSeries(
                                Integer.toString(score.querySize()),
                                places,
                                evaluation.precisionCurve(score.querySize(), depth))
                        .setMarker(SeriesMarkers.NONE);
            }
        }
        write(chart, file);
    }

    /** Precision@10 of each attribute that has queries, lowest first. */
    static void attributes(List<AttributeScore> scores, Path file) throws IOException {
        List<AttributeScore> ordered = scores.stream()
                .filter(score -> score.queries() > 0)
                .sorted(Comparator.comparingDouble(AttributeScore::precisionAt10))
                .toList();
        CategoryChart chart = new CategoryChartBuilder()
                .width(Math.max(WIDTH, PIXELS_A_BAR * ordered.size()))
                .height(HEIGHT)
                .title("Precision@10 by attribute")
                .build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
        chart.getStyler().setXAxisLabelRotation(60);
        chart.addSeries(
                "precision@10",
                ordered.stream().map(AttributeScore::attribute).toList(),
                ordered.stream().map(AttributeScore::precisionAt10).toList());
        write(chart, file);
    }

    private static void write(Chart<?, ?> chart, Path file) throws IOException {
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    }
}
