/**
 * torchvision's architectures as Python that the interpreter runs on symbols: names of modules and parameters, shapes and
 * initialisation are those of torchvision 0.14 (the same since 0.3). The last line of each family is what the catalogue calls.
 */

/** He, Zhang, Ren and Sun 2016, *Deep residual learning for image recognition*; stride in the 3×3 convolution of a bottleneck. */
export const residualNets = `
import torch
from torch import nn

def initialise(net):
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode='fan_out', nonlinearity='relu')

class Basic(nn.Module):
    expansion = 1
    def __init__(self, into, width, stride, downsample):
        super().__init__()
        self.conv1 = nn.Conv2d(into, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = downsample
    def forward(self, x):
        beside = x if self.downsample is None else self.downsample(x)
        y = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(y)) + beside)

class Bottleneck(nn.Module):
    expansion = 4
    def __init__(self, into, width, stride, downsample):
        super().__init__()
        self.conv1 = nn.Conv2d(into, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, width * 4, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width * 4)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample
    def forward(self, x):
        beside = x if self.downsample is None else self.downsample(x)
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        return self.relu(self.bn3(self.conv3(y)) + beside)

class ResNet(nn.Module):
    def __init__(self, block, depths, num_classes):
        super().__init__()
        self.inplanes = 64
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = self.stage(block, 64, depths[0], 1)
        self.layer2 = self.stage(block, 128, depths[1], 2)
        self.layer3 = self.stage(block, 256, depths[2], 2)
        self.layer4 = self.stage(block, 512, depths[3], 2)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(512 * block.expansion, num_classes)
        initialise(self)
    def stage(self, block, width, depth, stride):
        out = width * block.expansion
        beside = None
        if stride != 1 or self.inplanes != out:
            beside = nn.Sequential(nn.Conv2d(self.inplanes, out, 1, stride, bias=False), nn.BatchNorm2d(out))
        blocks = [block(self.inplanes, width, stride, beside)]
        for _ in range(1, depth):
            blocks.append(block(out, width, 1, None))
        self.inplanes = out
        return nn.Sequential(*blocks)
    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))

def build(bottleneck, depths, num_classes=1000):
    return ResNet(Bottleneck if bottleneck else Basic, depths, num_classes)
`;

/** Simonyan and Zisserman 2015, *Very deep convolutional networks for large-scale image recognition*. */
export const vggNets = `
import torch
from torch import nn

class VGG(nn.Module):
    def __init__(self, widths, norm, num_classes, dropout):
        super().__init__()
        layers = []
        into = 3
        for width in widths:
            if width == 0:
                layers.append(nn.MaxPool2d(2, 2))
            else:
                layers.append(nn.Conv2d(into, width, 3, padding=1))
                if norm:
                    layers.append(nn.BatchNorm2d(width))
                layers.append(nn.ReLU(inplace=True))
                into = width
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096), nn.ReLU(True), nn.Dropout(p=dropout),
            nn.Linear(4096, 4096), nn.ReLU(True), nn.Dropout(p=dropout),
            nn.Linear(4096, num_classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode='fan_out', nonlinearity='relu')
                nn.init.constant_(module.bias, 0)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.constant_(module.bias, 0)
    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))

def build(widths, norm, num_classes=1000, dropout=0.5):
    return VGG(widths, norm, num_classes, dropout)
`;

/** Sandler, Howard, Zhu, Zhmoginov and Chen 2018, *MobileNetV2: inverted residuals and linear bottlenecks*. */
export const mobileNets = `
from torch import nn

def unit(into, out, kernel, stride, groups):
    return nn.Sequential(
        nn.Conv2d(into, out, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False),
        nn.BatchNorm2d(out),
        nn.ReLU6(inplace=True))

class InvertedResidual(nn.Module):
    def __init__(self, into, out, stride, expand):
        super().__init__()
        hidden = into * expand
        self.beside = stride == 1 and into == out
        layers = []
        if expand != 1:
            layers.append(unit(into, hidden, 1, 1, 1))
        layers.append(unit(hidden, hidden, 3, stride, hidden))
        layers.append(nn.Conv2d(hidden, out, 1, 1, 0, bias=False))
        layers.append(nn.BatchNorm2d(out))
        self.conv = nn.Sequential(*layers)
    def forward(self, x):
        if self.beside:
            return x + self.conv(x)
        return self.conv(x)

class MobileNetV2(nn.Module):
    def __init__(self, num_classes, dropout):
        super().__init__()
        layers = [unit(3, 32, 3, 2, 1)]
        into = 32
        for expand, out, count, first in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
            for i in range(count):
                layers.append(InvertedResidual(into, out, first if i == 0 else 1, expand))
                into = out
        layers.append(unit(320, 1280, 1, 1, 1))
        self.features = nn.Sequential(*layers)
        self.last_channel = 1280
        self.classifier = nn.Sequential(nn.Dropout(p=dropout), nn.Linear(1280, num_classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode='fan_out')
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.zeros_(module.bias)
    def forward(self, x):
        return self.classifier(self.features(x).mean([2, 3]))

def build(num_classes=1000, dropout=0.2):
    return MobileNetV2(num_classes, dropout)
`;

/** Krizhevsky 2014, *One weird trick for parallelizing convolutional neural networks*. */
export const alexNet = `
import torch
from torch import nn

class AlexNet(nn.Module):
    def __init__(self, num_classes, dropout):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2))
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(inplace=True),
            nn.Dropout(p=dropout), nn.Linear(4096, 4096), nn.ReLU(inplace=True),
            nn.Linear(4096, num_classes))
    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))

def build(num_classes=1000, dropout=0.5):
    return AlexNet(num_classes, dropout)
`;
