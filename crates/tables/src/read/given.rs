//! Given names that are common in Russia: only to notice that names stand in each other's columns, never to judge a name.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Lower case, ё as е, in the order of the alphabet.
const GIVEN: &str = "\
авдотья адам аделина азамат азат айгуль айдар айнур айрат алан алевтина александр александра алексей алена алина алиса алия алла альберт \
альбина альфия амина амир анастасия анатолий ангелина андрей анжела анжелика анна антон антонина аркадий арсен арсений артем артемий артур \
аслан ахмед ашот богдан борис вадим валентин валентина валерий валерия варвара василий василина василиса вера вероника виктор виктория \
виолетта виталий влад владимир владислав владислава влада всеволод вячеслав галина геннадий георгий герман глеб григорий гульнара гузель \
давид дамир дана даниил данила данил дарина дарья денис диана дина динара дмитрий ева евгений евгения евдокия егор екатерина елена \
елизавета ефим жанна захар зинаида злата зоя зульфия иван игнат игорь ильдар илья ильнур инга инна иннокентий ирина искандер камила карина \
каролина кира кирилл клавдия константин кристина ксения лада лариса лев леонид леся лиана лидия лилия лина любовь людмила магомед майя макар \
максим маргарита марианна марина мария марк марсель мартин марта марьяна матвей мирон мирослав мирослава михаил мурат надежда назар наиля \
наталия наталья нелли ника никита николай нина нонна оксана олег олеся ольга павел пелагея петр платон полина прохор рада радик раиса рамиль ратмир \
регина ренат рената ринат римма роберт родион роза роксана роман рустам руслан савва савелий салават светлана святослав севастьян семен \
сергей снежана софия софья станислав степан стефания сусанна таисия тамара тарас татьяна тигран тимофей тимур тихон ульяна фарид фаина федор \
фатима филипп фрол эвелина эдуард элеонора элина эльвира эльдар эльмира эмилия эмиль эмма эрик юлиан юлиана юлия юрий яков ян яна янина ярослав \
ярослава \
aleksandr aleksandra aleksei aleksey alexander alexandra alexey alina alla anastasia andrei andrey anna anton artem boris daria darya denis \
dmitrii dmitriy dmitry egor ekaterina elena evgenii evgeniy evgeny galina georgy igor ilya inna irina ivan kirill konstantin kristina ksenia \
larisa leonid liudmila ludmila lyudmila maksim margarita maria marina maxim mikhail nadezhda natalia natalya nikita nikolai nikolay nina oksana \
oleg olga pavel petr polina roman ruslan semyon sergei sergey sofia stanislav stepan svetlana tamara tatiana tatyana timofey valentina valeria \
valery vasily vera veronika victoria viktor viktoria vitaly vladimir vladislav vyacheslav yana yulia yuri yury zoya";

fn all() -> impl Iterator<Item = &'static str> {
    GIVEN.split(' ')
}

/// Reports whether a name in lower case is known.
pub(super) fn is(name: &str) -> bool {
    if name.contains('ё') {
        KNOWN.contains(name.replace('ё', "е").as_str())
    } else {
        KNOWN.contains(name)
    }
}

static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| all().collect());

/// Reports whether some name begins like this but for its last letter: «иван» for Иван, «андре» for Андрей.
pub(super) fn begins(stem: &str) -> bool {
    let stem = stem.replace('ё', "е");
    stem.chars().count() > 2
        && all().any(|name| {
            name.strip_prefix(stem.as_str())
                .is_some_and(|rest| rest.chars().count() < 3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_with_either_letter() {
        for name in ["анна", "артём", "Артём"] {
            assert_eq!(is(name), name != "Артём", "{name}");
        }
        assert!(begins("аркад") && begins("иван") && !begins("войн"));
    }
}
